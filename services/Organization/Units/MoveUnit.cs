using LiveCommerce.Contracts.Organization;
using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;
using LiveCommerce.Organization.Mandates;

namespace LiveCommerce.Organization.Units;

/// <summary>Hangs a unit, with everything below it, under another parent of its tree.</summary>
internal static class MoveUnit
{
    /// <param name="ParentId">Within the caller's reach: a headquarters for a region, a region or headquarters for a reseller.</param>
    internal sealed record Request(Guid ParentId);

    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/units/{id:guid}/move", async (Guid id, Body<Request> body, IfMatch ifMatch, Caller caller, MoveUnitHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ifMatch, body.Value, ct)).ToHttp())
        .Describe(nameof(MoveUnit), "Moves a unit with everything below it; what it owns follows in every service.")
        .Allow(Permission.ManageUnits).Conditional()
        .Example(new Request(Guid.Empty))
        .Gives<UnitView>()
        .Rejects(
            UnitRejections.NotFound, UnitRejections.WrongParent, UnitRejections.CodeTaken, UnitRejections.PathTaken, UnitRejections.HeadquartersStays, UnitRejections.Inactive);
}

internal sealed class MoveUnitHandler(OrganizationDb db)
{
    public Task<Result<UnitView>> Handle(Caller caller, Guid id, IfMatch ifMatch, MoveUnit.Request body, CancellationToken ct) =>
        db.InTransaction<UnitView>(caller.Write, async work =>
        {
            if (await UnitTree.Take(work, caller, id) is not { } unit) return UnitRejections.Unknown(id);
            work.Audited(unit.ToView());
            if (unit.Kind == UnitKind.Headquarters) return UnitRejections.HeadquartersStays.Because($"{unit.Name} is a headquarters.");
            if (await work.Find<UnitRow>(UnitSql.ById, new { Id = body.ParentId, caller.Scope, caller.ScopeEnd }) is not { } parent ||
                UnitPath.Headquarters(parent.Path) != UnitPath.Headquarters(unit.Path))
            {
                return UnitRejections.Unknown(body.ParentId);
            }
            if (unit.ParentId == parent.Id) return unit.ToView();
            if (ifMatch.Check(unit.Version) is { } stale) return stale;
            if (UnitTree.WrongParent(unit.Kind, parent) is { } wrong) return wrong;
            if (await UnitTree.Inactive(work, parent.Path) is { } inactive) return inactive;
            return await Move(work, unit, parent);
        }, ct);

    private static async Task<Result<UnitView>> Move(UnitOfWork work, UnitRow unit, UnitRow parent)
    {
        var path = UnitPath.Child(parent.Path, unit.Code);
        if (await work.Find<UnitRow>(UnitSql.ByPath, new { Path = path }) is not null)
            return UnitRejections.CodeTaken.Because($"{parent.Name} has a unit {unit.Code}.");
        var below = await work.Query<UnitRow>(UnitSql.Below, new { Scope = unit.Path, ScopeEnd = UnitPath.End(unit.Path) });
        List<UnitRow> moved = [.. below.Select(u => u with { Version = u.Version + 1, Path = path + u.Path[unit.Path.Length..] })];
        if (await UnitTree.Settle(work, moved) is { } taken) return taken;
        var rows = new { Rows = UnitTree.Rows(moved) };
        await work.Execute(UnitSql.Move, rows);
        await work.Execute(UnitSql.Hang, new { unit.Id, ParentId = parent.Id });
        await work.Execute(UnitSql.MoveMembers, rows);
        await work.Execute(UnitSql.MoveMandates, rows);
        moved = [.. moved.Select(u => u.Id == unit.Id ? u with { ParentId = parent.Id } : u)];
        foreach (var told in await UnitTree.ToEvents(work, moved)) work.Publish(told);
        foreach (var mandate in await work.Query<MandateRow>(MandateSql.OfResellers, new { Ids = Sql.Json(moved.Select(u => u.Id)) }))
            work.Publish(mandate.ToEvent());
        return moved.Single(u => u.Id == unit.Id).ToView();
    }
}
