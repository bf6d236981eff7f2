# Texts of needs_you
