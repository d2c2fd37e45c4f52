"""パソコン: the keys that enrol them, what they are asked to do, whether they are on."""
