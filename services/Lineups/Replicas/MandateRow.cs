namespace LiveCommerce.Lineups.Replicas;

/// <summary>What a mandate says about prices.</summary>
internal sealed record MandateRow
{
    /// <summary>Percent of the list price. Null: no limit.</summary>
    public int? DeepestDiscountPercent { get; init; }
}

internal static class MandateSql
{
    internal static readonly ReplicaSql Replica = new(
        "SELECT Version FROM Mandates WHERE Id = @Id",
        "UPDATE Mandates SET Version = @Version, DeepestDiscountPercent = @DeepestDiscountPercent WHERE Id = @Id AND Version < @Version",
        "INSERT INTO Mandates (Id, Version, DeepestDiscountPercent) VALUES (@Id, @Version, @DeepestDiscountPercent)");

    internal const string ById = "SELECT DeepestDiscountPercent FROM Mandates WHERE Id = @Id";
}
