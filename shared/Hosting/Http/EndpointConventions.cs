using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LiveCommerce.Hosting;

internal sealed record AllowMetadata(Permission Permission);

internal sealed record RejectsMetadata(IReadOnlyList<RejectionKind> Kinds);

internal sealed record ExampleMetadata(object Request);

internal sealed record PagedMetadata;

internal sealed record IfMatchMetadata;

/// <summary>How an endpoint says what it is: the API reference, the access check and the tests all read it.</summary>
public static class EndpointConventions
{
    /// <summary>Names the endpoint by its slice (also its action in the audit trail) and says in one sentence what it does.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint, string name, string summary, string? description = null)
    {
        endpoint.WithName(name).WithSummary(summary);
        return description is null ? endpoint : endpoint.WithDescription(description);
    }

    /// <summary>Only callers with a role the table grants this to. Others get 401 or 403.</summary>
    public static RouteHandlerBuilder Allow(this RouteHandlerBuilder endpoint, Permission permission) => endpoint
        .WithMetadata(new AllowMetadata(permission))
        .RequireAuthorization(new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireRole(AccessTable.Roles[permission].Select(r => r.ToString()))
            .Build());

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.Produces<T>(status);

    /// <summary>Answers with a file: see <see cref="CsvAnswer{TRow}"/>.</summary>
    public static RouteHandlerBuilder GivesCsv(this RouteHandlerBuilder endpoint) => endpoint.Produces<string>(StatusCodes.Status200OK, "text/csv");

    /// <summary>Lists the refusals of its own; the common ones are listed by themselves.</summary>
    public static RouteHandlerBuilder Rejects(this RouteHandlerBuilder endpoint, params RejectionKind[] kinds) =>
        endpoint.WithMetadata(new RejectsMetadata(kinds));

    /// <summary>A request body that works, for the API reference.</summary>
    public static RouteHandlerBuilder Example(this RouteHandlerBuilder endpoint, object request) => endpoint.WithMetadata(new ExampleMetadata(request));

    /// <summary>The list takes <c>?after=&amp;limit=</c>.</summary>
    public static RouteHandlerBuilder Paged(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new PagedMetadata());

    /// <summary>The change takes <c>If-Match</c>.</summary>
    public static RouteHandlerBuilder Conditional(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new IfMatchMetadata());
}
