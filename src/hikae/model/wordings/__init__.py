"""The texts of Problems by theme, in Japanese and English.

Every placeholder stands in a part between ⟨ and ⟩, so that each sentence is whole without it;
what follows | is said instead. Buttons stand in square brackets, written as on the screen.
"""
