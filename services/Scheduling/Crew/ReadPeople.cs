using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;

namespace LiveCommerce.Scheduling.Crew;

/// <summary>Who can be assigned to the caller's sessions: the people of its own unit, of those below and of those above.</summary>
internal static class ReadPeople
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/people", (Caller caller, PageRequest page, SchedulingDb db, CancellationToken ct) => List(db, caller, page, ct))
            .Describe("ListPeople", "People of the caller's unit, of those below it and of those above it; hosts among them.")
            .Allow(Permission.ReadFigures).Paged().Gives<PageOf<PersonView>>();
        routes.MapGet("/people/{id:guid}", async (Guid id, Caller caller, SchedulingDb db, CancellationToken ct) => (await Find(db, caller, id, ct)).ToHttp())
            .Describe("ReadPerson", "Somebody of the caller's unit, of one below it or of one above it.")
            .Allow(Permission.ReadFigures).Gives<PersonView>().Rejects(PersonRejections.NotFound);
    }

    private static async Task<PageOf<PersonView>> List(SchedulingDb db, Caller caller, PageRequest page, CancellationToken ct) =>
        page.ToPage(
            await db.Query<PersonRow>(PersonSql.Page, new
            {
                caller.Scope,
                caller.ScopeEnd,
                Ids = Sql.Json(UnitPath.SelfAndAncestors(caller.Path)),
                page.After,
                page.Limit,
            }, ct),
            r => r.Seq,
            r => r.ToView());

    private static async Task<Result<PersonView>> Find(SchedulingDb db, Caller caller, Guid id, CancellationToken ct) =>
        await db.Find<PersonRow>(PersonSql.ByIds, new { Ids = Sql.Json(new[] { id }) }, ct) is { } person && caller.Sees(person.Path)
            ? person.ToView()
            : PersonRejections.Unknown(id);
}
