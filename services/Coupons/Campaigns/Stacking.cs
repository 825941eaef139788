using LiveCommerce.Kernel;

namespace LiveCommerce.Coupons.Campaigns;

/// <summary>Which coupons an order can combine, and which of them counts first.</summary>
/// <param name="Group">Coupons of one group exclude each other, those of different groups combine. Null: combines with none.</param>
/// <param name="Priority">-1,000 to 1,000; lower is applied first.</param>
internal sealed record Stacking(string? Group = null, int Priority = 0)
{
    private const int LongestGroup = 32;
    private const int FarthestPriority = 1_000;

    public void Validate(Faults faults, string pointer) => faults
        .OptionalText(Group, $"{pointer}/group", LongestGroup)
        .Range(Priority, -FarthestPriority, FarthestPriority, $"{pointer}/priority");
}
