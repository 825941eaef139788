using LiveCommerce.Hosting;
using LiveCommerce.Kernel;
using LiveCommerce.Messaging;

namespace LiveCommerce.Organization.Mandates;

/// <summary>Takes a mandate back. What has not started stops; history stays.</summary>
internal static class RevokeMandate
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/mandates/{id:guid}/revoke", async (Guid id, Caller caller, RevokeMandateHandler handler, CancellationToken ct) =>
            (await handler.Handle(caller, id, ct)).ToHttp())
        .Describe(nameof(RevokeMandate), "Takes a mandate back; once revoked it stays as it is, however often this is asked.")
        .Allow(Permission.ManageMandates)
        .Gives<MandateView>()
        .Rejects(MandateRejections.NotFound, MandateRejections.OwnUnit);
}

internal sealed class RevokeMandateHandler(OrganizationDb db)
{
    public Task<Result<MandateView>> Handle(Caller caller, Guid id, CancellationToken ct) =>
        db.InTransaction<MandateView>(caller.Write, async work =>
        {
            var key = new { Id = id, caller.Scope, caller.ScopeEnd };
            if (await work.Find<MandateRow>(MandateSql.ById, key) is not { } mandate) return MandateRejections.Unknown(id);
            if (MandateRejections.UnlessAbove(caller, mandate.Path) is { } own) return own;
            work.Audited(mandate.ToView());
            var revoked = await work.Execute(MandateSql.Revoke, new { Id = id, work.Now }) == 1;
            mandate = (await work.Find<MandateRow>(MandateSql.ById, key))!;
            if (revoked) work.Publish(mandate.ToEvent());
            return mandate.ToView();
        }, ct);
}
