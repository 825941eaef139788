using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Conflicts;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Who can be assigned to the caller's sessions: the people of its own unit, of those below and of those above.</summary>
internal static class ReadPeople
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people", async (string? role, string? freeFrom, string? freeTo, Caller caller, PageRequest page, SchedulingDb db, TimeProvider clock, CancellationToken ct) =>
                (await List(Reads.Outside(db, clock, ct), caller, role, (freeFrom, freeTo), page)).ToHttp())
            .Describe("ListPeople", "People of the caller's unit, of those below it and of those above it, hosts among them; if asked, who holds a ?role, and who is free from ?freeFrom to ?freeTo.",
                "Those who are off work then by their hours are left out of a page after it was read: it may hold fewer than there are to come.")
            .Allow(Permission.ReadFigures).Paged().Gives<PageOf<PersonView>>();
        routes.MapGet("/people/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadPerson", "Somebody of the caller's unit, of one below it or of one above it.")
            .Allow(Permission.ReadFigures).Gives<PersonView>().Rejects(PersonRejections.NotFound);
    }

    private static async Task<Result<PageOf<PersonView>>> List(
        Reads from, Caller caller, string? role, (string? From, string? To) free, PageRequest page)
    {
        var faults = new Faults();
        var asked = CalendarQuery.Name<CrewRole>(role, "?role", faults);
        var time = CalendarQuery.Between(free.From, free.To, faults, "?freeFrom", "?freeTo");
        faults.Check(free.From is null == free.To is null, free.From is null ? "?freeFrom" : "?freeTo", "value.missing", "Say both from when and until when.");
        if (faults.Count == 0 && free.From is not null) CalendarQuery.Bounded(time, faults, "?freeTo");
        if (faults.Count > 0) return faults.ToRejection();
        var rows = await from.Query<PersonRow>(PersonSql.Page, new
        {
            caller.Scope,
            caller.ScopeEnd,
            Ids = Sql.Json(UnitPath.SelfAndAncestors(caller.Path)),
            Role = asked,
            RoleInList = $"%\"{asked}\"%",
            FreeFrom = free.From is null ? (DateTimeOffset?)null : time.OpensAt,
            FreeTo = free.To is null ? (DateTimeOffset?)null : time.ClosesAt,
            page.After,
            page.Limit,
        });
        var found = page.ToPage(rows, r => r.Seq, r => r.ToView());
        if (free.From is null) return found;
        var away = (await Absences.Away(from, [.. rows.Where(r => r.WorkingHours is not null).Select(r => r.Id)], time)).Select(a => a.PersonId).ToHashSet();
        return found with { Items = [.. found.Items.Where(p => !away.Contains(p.Id))] };
    }

    private static async Task<Result<PersonView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<PersonRow>(PersonSql.ByIds, new { Ids = Sql.Json(new[] { id }) }, ct) is { } person && caller.Sees(person.Path)
            ? person.ToView()
            : PersonRejections.Unknown(id);
}
