package io.vpceni.eni.budget;

public record BudgetSnapshot() {}
