using System.Collections.Frozen;

namespace LiveCommerce.Kernel;

/// <summary>One thing wrong with what a caller sent.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901) into the body, <c>?name</c> for a query value, <c>line 7</c> for a file.</param>
/// <param name="Code">Stable, machine-readable; public API.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record Fault(string Pointer, string Code, string Detail);

/// <summary>A kind of refusal. Kinds are static and listed in the API reference of the endpoints that give them.</summary>
/// <param name="Code">Stable <c>noun.reason</c>; public API.</param>
/// <param name="Status">HTTP status, 400–599.</param>
/// <param name="Title">What it means, the same for every occurrence.</param>
public sealed record RejectionKind(string Code, int Status, string Title)
{
    public Rejection Because(string detail) => new(this, detail);
}

/// <summary>A refusal: what was asked for did not happen, and nothing was changed.</summary>
public sealed record Rejection(RejectionKind Kind, string Detail)
{
    /// <summary>Every fault found, for bad input; empty otherwise.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>Further members of the problem document, such as the sessions a booking collides with.</summary>
    public IReadOnlyDictionary<string, object?> More { get; init; } = FrozenDictionary<string, object?>.Empty;

    /// <summary>When it makes sense to ask again; becomes <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public Rejection With(string name, object? value) => this with { More = new Dictionary<string, object?>(More) { [name] = value } };
}

/// <summary>Thrown only where a refusal has to cross code that cannot return one (argument binding, streamed imports).</summary>
public sealed class RejectionException(Rejection rejection) : Exception(rejection.Detail)
{
    public Rejection Rejection { get; } = rejection;
}

/// <summary>Refusals every service can give.</summary>
public static class CommonRejections
{
    public static readonly RejectionKind Malformed = new("request.malformed", 400, "The request cannot be read.");
    public static readonly RejectionKind Invalid = new("request.invalid", 400, "The request has faults.");
    public static readonly RejectionKind Unauthenticated = new("access.unauthenticated", 401, "Sign in first: the request carries no valid access token.");
    public static readonly RejectionKind Suspended = new("access.suspended", 401, "The caller is suspended.");
    public static readonly RejectionKind UnitInactive = new("access.unit_inactive", 401, "The caller's unit, or one above it, has been deactivated.");
    public static readonly RejectionKind Forbidden = new("access.forbidden", 403, "The caller's roles do not allow this.");
    public static readonly RejectionKind NoSuchRoute = new("route.not_found", 404, "There is nothing at this address.");
    public static readonly RejectionKind MethodNotAllowed = new("route.method_not_allowed", 405, "This address does not take that method.");
    public static readonly RejectionKind TooLarge = new("request.too_large", 413, "The body is larger than this address takes.");
    public static readonly RejectionKind UnsupportedMediaType = new("request.unsupported_media_type", 415, "This address does not take a body of that type.");
    public static readonly RejectionKind KeyReused = new("request.idempotency_key_reused", 422, "The Idempotency-Key was used before with another request.");
    public static readonly RejectionKind PreconditionRequired = new("request.if_match_required", 428, "Send the ETag you read in If-Match.");
    public static readonly RejectionKind PreconditionFailed = new("request.version_mismatch", 412, "Somebody changed it since you read it.");
    public static readonly RejectionKind TooManyRequests = new("request.rate_limited", 429, "Too many requests from this caller.");
    public static readonly RejectionKind Overloaded = new("server.overloaded", 503, "More is waiting than can be answered in time.");
    public static readonly RejectionKind OutcomeUnknown = new("server.outcome_unknown", 503, "The change may have been made or not: look before sending it again, or send it with an Idempotency-Key.");
    public static readonly RejectionKind LostRace = new("request.lost_race", 409, "Others kept changing the same thing; send the request again.");
    public static readonly RejectionKind Unexpected = new("server.unexpected", 500, "Something failed here; it was logged.");
}
