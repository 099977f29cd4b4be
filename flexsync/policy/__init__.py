"""Policies: rules of the fleet over the steps of a plan. What they find stands in the Plan."""
