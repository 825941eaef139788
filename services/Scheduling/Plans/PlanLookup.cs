using LiveCommerce.Data;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Brands;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Plans;

/// <summary>What the words in a plan's file stand for, and the other way round.</summary>
internal sealed class PlanLookup
{
    private readonly Dictionary<string, BrandRow> _brands;
    private readonly Dictionary<Guid, ResourceRow> _resources;
    private readonly ILookup<(ResourceKind, string), ResourceRow> _byName;
    private readonly Dictionary<Guid, string> _codes;

    public PlanLookup(IEnumerable<UnitRow> units, IReadOnlyList<BrandRow> brands, IReadOnlyList<ResourceRow> resources)
    {
        Units = units.ToDictionary(u => u.Path);
        _brands = brands.ToDictionary(b => b.Code);
        _codes = brands.ToDictionary(b => b.Id, b => b.Code);
        _resources = resources.ToDictionary(r => r.Id);
        _byName = resources.ToLookup(r => (r.Kind, r.Name));
    }

    /// <summary>Those the caller covers.</summary>
    public IReadOnlyDictionary<string, UnitRow> Units { get; }

    public Guid? Brand(string code) => _brands.GetValueOrDefault(code.ToLowerInvariant())?.Id;

    public string CodeOf(Guid brand) => _codes.GetValueOrDefault(brand) ?? brand.ToString();

    /// <summary>The resource of that name, or id, that the unit at <paramref name="path"/> may use.</summary>
    public Guid? Resource(ResourceKind kind, string word, string path, Action<string, string> fault)
    {
        if (Guid.TryParse(word, out var id)) return id;
        var usable = _byName[(kind, word)].Where(r => UnitPath.SameChain(r.Path, path)).ToList();
        if (usable.Count == 1) return usable[0].Id;
        if (usable.Count == 0) fault("csv.resource_unknown", $"No {kind} {word} for {path}.");
        else fault("csv.resource_ambiguous", $"{usable.Count} of kind {kind} are called {word}; write the id of one.");
        return null;
    }

    /// <summary>Its name where that means only it, else its id.</summary>
    public string NameOf(Guid id) => _resources.TryGetValue(id, out var resource) && _byName[(resource.Kind, resource.Name)].Count() == 1 && !resource.Name.Contains(';')
        ? resource.Name
        : id.ToString();
}

internal static class PlanSql
{
    internal const string Units = $"SELECT Id, Path, Kind, TimeZone, ParentId, Name, IsActive FROM Units WHERE {Sql.InScope}";
    internal const string Brands = "SELECT Id, Code, Name, Grade FROM Brands WHERE HeadquartersPath = @HeadquartersPath AND Code <> ''";
    internal const string Resources = $"SELECT Seq, Id, UnitId, Path, Name, Kind, ChannelKind FROM Resources WHERE {Sql.InScope} ORDER BY Seq";

    internal const string Month =
        $"SELECT {Sessions.SessionSql.Columns} FROM Sessions WHERE {Sql.InScope} AND StartsAt >= @From AND StartsAt < @To ORDER BY StartsAt, Id";
}
