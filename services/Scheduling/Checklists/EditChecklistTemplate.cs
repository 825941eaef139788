using LiveCommerce.Contracts.Scheduling;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Checklists;

/// <summary>Writes what is asked of the sessions of a tier that are planned from now on.</summary>
internal static class EditChecklistTemplate
{
    private const int MostTasks = 30;

    /// <param name="Tasks">1 to 30, each code once.</param>
    internal sealed record Request(IReadOnlyList<ChecklistTask> Tasks) : IValidated
    {
        public void Validate(Faults faults)
        {
            faults.Size(Tasks, 1, MostTasks, "/tasks").Distinct(Tasks?.Select(t => t.Code).ToList(), "/tasks");
            for (var i = 0; i < Math.Min(Tasks?.Count ?? 0, MostTasks); i++) Tasks![i].Validate(faults, $"/tasks/{i}");
        }
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/checklist-templates/{tier}", async (string tier, Body<Request> body, IfMatch ifMatch, Caller caller, EditChecklistTemplateHandler handler, CancellationToken ct) =>
        {
            var faults = new Faults();
            var known = CalendarQuery.Name<SessionTier>(tier, "tier", faults);
            return known is null
                ? ((Result<ChecklistTemplateView>)faults.ToRejection()).ToHttp()
                : (await handler.Handle(caller, Enum.Parse<SessionTier>(known), ifMatch, body.Value, ct)).ToHttp();
        })
        .Describe(nameof(EditChecklistTemplate), "Writes the headquarters' checklist of a tier; sessions that are planned already keep theirs.")
        .Allow(Permission.ManageCrew).Conditional()
        .Example(new Request(
        [
            new("lineup-final", "Lineup final", TaskAnchor.LiveStart, -3 * 24 * 60, 20, Role.Merchandiser, TaskTrigger.LineupFinalized),
            new("rehearsal", "Rehearsal held", TaskAnchor.LiveStart, -24 * 60, 15, Role.Planner, NeedsEvidence: true),
        ]))
        .Gives<ChecklistTemplateView>()
        .Rejects(ChecklistTemplateRejections.HeadquartersOnly);
}

internal sealed class EditChecklistTemplateHandler(SchedulingDb db)
{
    public Task<Result<ChecklistTemplateView>> Handle(Caller caller, SessionTier tier, IfMatch ifMatch, EditChecklistTemplate.Request body, CancellationToken ct) =>
        db.InTransaction<ChecklistTemplateView>(caller.Write, async work =>
        {
            if (UnitPath.Headquarters(caller.Path) != caller.Path || caller.Path == UnitPath.Root)
                return ChecklistTemplateRejections.HeadquartersOnly.Because($"{caller.Path} is not a headquarters.");
            var held = await work.Find<ChecklistTemplateRow>(ChecklistTemplateSql.Newest, new { caller.Path, Tier = tier.ToString() })
                ?? ChecklistTemplateRow.Default(caller.Path, tier);
            work.Audited(held.ToView());
            if (ifMatch.Check(held.Version) is { } stale) return stale;
            var next = held with { Version = held.Version + 1, Tasks = Sql.Json(body.Tasks), CreatedAt = work.Now };
            // Two editors at once: the unique version turns the later one back to the check above.
            await work.Execute(ChecklistTemplateSql.Insert, new { next.Path, Tier = tier.ToString(), next.Version, next.Tasks, next.CreatedAt });
            return next.ToView();
        }, ct);
}
