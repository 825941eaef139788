using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>
/// One version of what a headquarters asks of the sessions of a tier. Versions are never changed: a session keeps the one
/// that held when it was planned.
/// </summary>
internal sealed record ChecklistTemplateRow
{
    /// <summary>The headquarters'.</summary>
    public string Path { get; init; } = "";

    public SessionTier Tier { get; init; }

    /// <summary>0: nothing was written yet, and the product's own list holds.</summary>
    public long Version { get; init; }

    /// <summary>JSON array of <see cref="ChecklistTask"/>.</summary>
    public string Tasks { get; init; } = "[]";

    public DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyList<ChecklistTask> TaskList => Sql.FromJson<ChecklistTask[]>(Tasks);

    public static ChecklistTemplateRow Default(string headquartersPath, SessionTier tier) => new()
    {
        Path = headquartersPath,
        Tier = tier,
        Tasks = Sql.Json(DefaultChecklist.Of(tier)),
    };

    public ChecklistTemplateView ToView() => new() { Tier = Tier, Version = Version, Tasks = TaskList, MostPoints = TaskList.Sum(t => t.Points) };
}

/// <summary>What is asked of the sessions of a tier.</summary>
internal sealed record ChecklistTemplateView : IVersioned
{
    public required SessionTier Tier { get; init; }

    /// <summary>0: the headquarters has written none; this is the product's own.</summary>
    public required long Version { get; init; }

    public required IReadOnlyList<ChecklistTask> Tasks { get; init; }

    /// <summary>What all tasks together are worth.</summary>
    public required int MostPoints { get; init; }
}

internal static class ChecklistTemplateSql
{
    private const string Columns = "Path, Tier, Version, Tasks, CreatedAt";

    /// <summary>The one that held at an instant.</summary>
    internal const string HeldAt =
        $"SELECT {Columns} FROM ChecklistTemplates WHERE Path = @Path AND Tier = @Tier AND Version = " +
        "(SELECT MAX(Version) FROM ChecklistTemplates WHERE Path = @Path AND Tier = @Tier AND CreatedAt <= @At)";

    /// <summary>All versions, oldest first.</summary>
    internal const string OfHeadquarters = $"SELECT {Columns} FROM ChecklistTemplates WHERE Path = @Path ORDER BY Version";

    internal const string Newest =
        $"SELECT {Columns} FROM ChecklistTemplates WHERE Path = @Path AND Tier = @Tier AND Version = " +
        "(SELECT MAX(Version) FROM ChecklistTemplates WHERE Path = @Path AND Tier = @Tier)";

    internal const string Insert =
        "INSERT INTO ChecklistTemplates (Path, Tier, Version, Tasks, CreatedAt) VALUES (@Path, @Tier, @Version, @Tasks, @CreatedAt)";
}

internal static class ChecklistTemplateRejections
{
    internal static readonly RejectionKind HeadquartersOnly = new("checklist_template.headquarters_only", 409, "Only the headquarters writes what its sessions are measured by.");
}
