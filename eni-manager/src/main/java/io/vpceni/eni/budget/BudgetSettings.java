package io.vpceni.eni.budget;

public record BudgetSettings() {
    public static BudgetSettings ofShare(double share) {
        return new BudgetSettings();
    }
}
