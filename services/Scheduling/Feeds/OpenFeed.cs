using LiveCommerce.Data;
using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Scheduling.Crew;
using LiveCommerce.Scheduling.Resources;
using LiveCommerce.Scheduling.Units;

namespace LiveCommerce.Scheduling.Feeds;

/// <summary>Makes a link under which calendars read the plan of a unit, a host, a room or a person.</summary>
internal static class OpenFeed
{
    /// <param name="UnitId">Within the caller's reach; the feed's times are in its zone.</param>
    /// <param name="Kind">What it shows.</param>
    /// <param name="ResourceId">For Host, Room and Person: one of that unit or below it.</param>
    /// <param name="Name">What calendars call it; the unit's, host's, room's or person's name if left out.</param>
    internal sealed record Request(Guid UnitId, FeedKind Kind, Guid? ResourceId = null, string? Name = null) : IValidated
    {
        public void Validate(Faults faults) => faults.Known(Kind, "/kind").OptionalText(Name, "/name")
            .Check(ResourceId is not null == (Kind != FeedKind.Unit), "/resourceId", "feed.resource", "A host's, room's or person's feed names it; a unit's does not.");
    }

    /// <param name="Id">What it is revoked by.</param>
    /// <param name="Name">What calendars call it.</param>
    /// <param name="Url">For calendars to subscribe to. Whoever has it can read the feed. Shown once: it is kept nowhere, so it is null in the
    /// answer to a request that is repeated under its Idempotency-Key; revoke the feed then, and open another.</param>
    internal sealed record Response(Guid Id, string Name, [property: Secret] string? Url)
    {
        public override string ToString() => $"{nameof(OpenFeed)} {Id}";
    }

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/feeds", async (Body<Request> body, HttpRequest request, Caller caller, OpenFeedHandler handler, CancellationToken ct) =>
                (await handler.Handle(caller, body.Value, $"{request.Scheme}://{request.Host}{request.Path}", ct)).ToHttp(StatusCodes.Status201Created))
            .Describe(nameof(OpenFeed), "Makes a calendar feed of a unit, a host, a room or a person, and the link to subscribe to it.",
                "The link carries no name and asks for no token: hand it to those who are to see the plan, and revoke it when they no longer are.")
            .Allow(Permission.ManageFeeds)
            .Example(new Request(Guid.Empty, FeedKind.Unit))
            .Gives<Response>(StatusCodes.Status201Created)
            .Rejects(UnitRejections.NotFound, FeedRejections.ResourceNotOfUnit);
        routes.MapPost("/people/me/feed", async (HttpRequest request, Caller caller, OpenFeedHandler handler, CancellationToken ct) =>
                (await handler.HandleOwn(caller, $"{request.Scheme}://{request.Host}{request.Path.Value!.Replace("/people/me/feed", "/feeds", StringComparison.Ordinal)}", ct)).ToHttp(StatusCodes.Status201Created))
            .Describe("OpenOwnFeed", "Makes a calendar feed of the sessions the caller takes part in, and the link to subscribe to it.",
                "For members who are linked to a person; 404 person.not_found for the others. Whoever manages feeds at the person's unit sees the feed and can revoke it.")
            .Allow(Permission.ReadOwnCalendar)
            .Gives<Response>(StatusCodes.Status201Created)
            .Rejects(PersonRejections.NotFound);
    }
}

internal sealed class OpenFeedHandler(SchedulingDb db, TimeProvider clock)
{
    public Task<Result<OpenFeed.Response>> Handle(Caller caller, OpenFeed.Request body, string address, CancellationToken ct)
    {
        var token = FeedRow.NewToken();
        return db.InTransaction<OpenFeed.Response>(caller.Write, async work =>
        {
            if (await work.Find<UnitRow>(UnitSql.InScopeById, new { Id = body.UnitId, caller.Scope, caller.ScopeEnd }) is not { } unit)
                return UnitRejections.Unknown(body.UnitId);
            var resource = body.ResourceId is { } id ? await work.Find<ResourceRow>(ResourceSql.ByIds, new { Ids = Sql.Json(new[] { id }) }) : null;
            if (body.ResourceId is not null && (resource is null || !UnitPath.Covers(unit.Path, resource.Path) || !IsOf(resource.Kind, body.Kind)))
                return FeedRejections.ResourceNotOfUnit.Because($"No {body.Kind} {body.ResourceId} at {unit.Path} or below.");
            return await Open(work, unit.Id, body.Kind, body.ResourceId, body.Name ?? resource?.Name ?? unit.Name, token, address);
        }, ct);
    }

    public Task<Result<OpenFeed.Response>> HandleOwn(Caller caller, string address, CancellationToken ct)
    {
        var token = FeedRow.NewToken();
        return db.InTransaction<OpenFeed.Response>(caller.Write, async work =>
            await work.Find<PersonRow>(PersonSql.OfMember, new { MemberId = caller.Id }) is { } person && caller.Sees(person.Path)
                ? await Open(work, person.UnitId, FeedKind.Person, person.Id, person.Name, token, address)
                : PersonRejections.NotFound.Because("The caller is nobody who takes part in sessions."), ct);
    }

    private static bool IsOf(ResourceKind resource, FeedKind feed) => feed switch
    {
        FeedKind.Host => resource == ResourceKind.Host,
        FeedKind.Room => resource == ResourceKind.Room,
        FeedKind.Person => resource is ResourceKind.Host or ResourceKind.Crew,
        _ => false,
    };

    private async Task<OpenFeed.Response> Open(UnitOfWork work, Guid unitId, FeedKind kind, Guid? resourceId, string name, string token, string address)
    {
        var feed = new FeedRow { Id = clock.NewId(), UnitId = unitId, Kind = kind, ResourceId = resourceId, Name = name, TokenHash = FeedRow.HashOf(token), CreatedAt = work.Now };
        await work.Execute(FeedSql.Insert, feed.ToParameters());
        return new OpenFeed.Response(feed.Id, feed.Name, $"{address}/{token}.ics");
    }
}
