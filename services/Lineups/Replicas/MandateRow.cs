using LiveCommerce.Data;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>What a mandate says about prices.</summary>
internal sealed record MandateRow
{
    /// <summary>Percent of the list price. Null: no limit.</summary>
    public int? DeepestDiscountPercent { get; init; }
}

internal static class MandateSql
{
    internal static readonly Replica Replica = new("Mandates", ["DeepestDiscountPercent"]);

    internal const string ById = "SELECT DeepestDiscountPercent FROM Mandates WHERE Id = @Id";
}
