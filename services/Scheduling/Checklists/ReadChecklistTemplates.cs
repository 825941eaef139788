using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>What the sessions of each tier are measured by, for everybody in the tenant to read.</summary>
internal static class ReadChecklistTemplates
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/checklist-templates", async (Caller caller, SchedulingDb db, CancellationToken ct) => new ListView(await List(db, caller, ct)))
            .Describe("ListChecklistTemplates", "The checklists of all tiers, as they hold for sessions planned from now on.")
            .Allow(Permission.ReadFigures).Gives<ListView>();
        routes.MapGet("/checklist-templates/{tier}", async (string tier, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, tier, ct)).ToHttp())
            .Describe("ReadChecklistTemplate", "The checklist of one tier, as it holds for sessions planned from now on.")
            .Allow(Permission.ReadFigures).Gives<ChecklistTemplateView>();
    }

    /// <param name="Items">One a tier, from the top of the pyramid down.</param>
    internal sealed record ListView(IReadOnlyList<ChecklistTemplateView> Items);

    private static async Task<IReadOnlyList<ChecklistTemplateView>> List(SchedulingDb db, Caller caller, CancellationToken ct)
    {
        var views = new List<ChecklistTemplateView>();
        foreach (var tier in Enum.GetValues<SessionTier>()) views.Add(await Of(db, caller, tier, ct));
        return views;
    }

    private static async Task<Result<ChecklistTemplateView>> Find(SchedulingDb db, Caller caller, string tier, CancellationToken ct)
    {
        var faults = new Faults();
        return CalendarQuery.Name<SessionTier>(tier, "tier", faults) is { } known
            ? await Of(db, caller, Enum.Parse<SessionTier>(known), ct)
            : faults.ToRejection();
    }

    private static async Task<ChecklistTemplateView> Of(SchedulingDb db, Caller caller, SessionTier tier, CancellationToken ct)
    {
        var headquarters = UnitPath.Headquarters(caller.Path);
        var row = await db.Find<ChecklistTemplateRow>(ChecklistTemplateSql.Newest, new { Path = headquarters, Tier = tier.ToString() }, ct);
        return (row ?? ChecklistTemplateRow.Default(headquarters, tier)).ToView();
    }
}
