"""Acts, referral and contract as text and PDF, from core's values and the catalogues."""
