namespace LiveCommerce.Data;

/// <summary>Who asks for a change, and how: what the audit trail and safe retries need.</summary>
public sealed record WriteContext
{
    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public required string ActorPath { get; init; }

    /// <summary>The endpoint's name, such as ScheduleSession.</summary>
    public required string Action { get; init; }

    /// <summary>What is changed: the request's path.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the request came from.</summary>
    public string? Origin { get; init; }

    /// <summary>False for client programs, whose claims and orders are their own record.</summary>
    public required bool IsAudited { get; init; }

    /// <summary>The Idempotency-Key header, if sent.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>SHA-256 over method, path, If-Match and body, hex; set with the key.</summary>
    public string? RequestHash { get; set; }
}
