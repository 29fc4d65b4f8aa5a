"""The nouns: frozen values that the stages take and give. They import nothing but each other."""
