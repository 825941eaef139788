namespace LiveCommerce.Lineups.Replicas;

/// <summary>Units are kept for their currency.</summary>
internal static class UnitSql
{
    internal static readonly ReplicaSql Replica = new(
        "SELECT Version FROM Units WHERE Id = @Id",
        "UPDATE Units SET Version = @Version, Path = @Path, Currency = @Currency WHERE Id = @Id AND Version < @Version",
        "INSERT INTO Units (Id, Version, Path, Currency) VALUES (@Id, @Version, @Path, @Currency)");

    internal const string PathOf = "SELECT Path FROM Units WHERE Id = @Id";

    internal const string Lock = "UPDATE Units SET Version = Version WHERE Path = @Path";

    internal const string CurrencyAt = "SELECT Currency FROM Units WHERE Path = @Path";
}
