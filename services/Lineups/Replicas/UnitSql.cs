using LiveCommerce.Data;

namespace LiveCommerce.Lineups.Replicas;

/// <summary>Units are kept for their currency.</summary>
internal static class UnitSql
{
    internal static readonly Replica Replica = new("Units", ["Path", "Currency"]);

    internal const string Version = "SELECT Version FROM Units WHERE Id = @Id";
    internal const string PathOf = "SELECT Path FROM Units WHERE Id = @Id";

    internal const string Lock = "UPDATE Units SET Version = Version WHERE Path = @Path";

    internal const string CurrencyAt = "SELECT Currency FROM Units WHERE Path = @Path";
}
