"""The main job on one machine: simulated banks, a cloud, an agent, and a person who walks pages."""
