# Texts of approvals
