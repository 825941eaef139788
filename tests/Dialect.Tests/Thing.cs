using LiveCommerce.Data;
using LiveCommerce.Kernel;

namespace LiveCommerce.Dialect.Tests;

internal sealed class ContractDb(string name, ServiceDbSetup setup) : ServiceDb(name, setup);

internal enum ThingKind
{
    Plain,
    Fancy,
}

/// <summary>A row of every type there is.</summary>
internal sealed record Thing
{
    internal const string Insert =
        "INSERT INTO Things (Id, Code, At, Until, PriceMinor, IsOpen, Kind, Note, Remaining) VALUES (@Id, @Code, @At, @Until, @PriceMinor, @IsOpen, @Kind, @Note, @Remaining)";

    internal const string ByCode = "SELECT Id, Code, At, Until, PriceMinor, IsOpen, Kind, Note, Remaining FROM Things WHERE Code = @Code";
    internal const string Count = "SELECT COUNT(*) FROM Things";

    public Guid Id { get; init; } = TimeProvider.System.NewId();

    public string Code { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public DateTimeOffset? Until { get; init; }

    public long PriceMinor { get; init; }

    public bool IsOpen { get; init; }

    public ThingKind Kind { get; init; }

    public string? Note { get; init; }

    public int Remaining { get; init; }

    public object ToParameters() => new { Id, Code, At, Until, PriceMinor, IsOpen, Kind = Kind.ToString(), Note, Remaining };
}
