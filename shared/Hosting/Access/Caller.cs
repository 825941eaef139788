using System.Reflection;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Data;
using LiveCommerce.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LiveCommerce.Hosting;

/// <summary>Who asks, from the access token. An endpoint takes it as a parameter.</summary>
public sealed class Caller
{
    private const int LongestKey = 200;

    // As much as the audit trail keeps. An id is never cut: two callers must not become one.
    private const int LongestId = 100;
    private const int LongestName = 200;
    private const int LongestSubject = 400;

    // As many as a password's own hash takes.
    private const int SlowRounds = 100_000;

    private Caller(HttpContext context, AccessDirectory? directory)
    {
        var user = context.User;
        // Another authority may sign well and still not say where the caller stands.
        if (user.FindFirstValue(TokenClaims.Subject) is not { Length: > 0 } id ||
            !Guid.TryParse(user.FindFirstValue(TokenClaims.Unit), out var unit) ||
            user.FindFirstValue(TokenClaims.Path) is not { } path || !path.StartsWith('/') || !path.EndsWith('/'))
        {
            throw new RejectionException(CommonRejections.Unauthenticated.Because("The access token does not say who calls and for which unit."));
        }
        if (id.Length > LongestId)
            throw new RejectionException(CommonRejections.Unauthenticated.Because($"The access token's sub is longer than {LongestId} characters."));
        Id = id;
        Name = user.FindFirstValue(TokenClaims.Name) ?? Id;
        UnitId = unit;
        // A token knows where its unit stood when it was issued.
        Path = directory?.PathOf(unit) ?? path;
        if (directory?.Refusal(id, user, Path) is { } refusal) throw new RejectionException(refusal);
        Roles = [.. user.FindAll(TokenClaims.Role).Where(c => Enum.IsDefined(typeof(Role), c.Value)).Select(c => Enum.Parse<Role>(c.Value))];
        ScopeEnd = UnitPath.End(Path);
        Write = CreateWrite(context);
    }

    /// <summary>The member or client program.</summary>
    public string Id { get; }

    public string Name { get; }

    public Guid UnitId { get; }

    /// <summary>Path of the caller's unit. Authority covers it and everything below.</summary>
    public string Path { get; }

    /// <summary>Same as <see cref="Path"/>, named as the SQL parameter of <see cref="Sql.InScope"/>.</summary>
    public string Scope => Path;

    public string ScopeEnd { get; }

    public IReadOnlyList<Role> Roles { get; }

    /// <summary>For <c>ServiceDb.InTransaction</c>.</summary>
    public WriteContext Write { get; }

    /// <summary>True if the unit at <paramref name="path"/> is the caller's or below it.</summary>
    public bool Covers(string path) => UnitPath.Covers(Path, path);

    /// <summary>
    /// True for what a unit at <paramref name="path"/> publishes downwards (brands, products, key dates): visible to the
    /// units below it, and to those that cover it.
    /// </summary>
    public bool Sees(string path) => UnitPath.SameChain(Path, path);

    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter) => ValueTask.FromResult<Caller?>(Of(context));

    /// <exception cref="RejectionException">Suspended, or of a unit that has been deactivated.</exception>
    internal static void Admit(HttpContext context, AccessDirectory directory) => context.Items[typeof(Caller)] = new Caller(context, directory);

    internal static Caller Of(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(Caller), out var known)) return (Caller)known!;
        var caller = new Caller(context, directory: null);
        context.Items[typeof(Caller)] = caller;
        return caller;
    }

    internal static string HashOf(HttpContext context, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}\n{context.Request.Headers.IfMatch}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Like <see cref="HashOf"/>, for a body with a password: it is kept for days, and must be no quicker to guess than the password's own.</summary>
    internal static string SlowHashOf(HttpContext context, WriteContext write, byte[] body) => Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(
        Encoding.ASCII.GetBytes(HashOf(context, body)), Encoding.UTF8.GetBytes($"{write.ActorId} {write.IdempotencyKey}"), SlowRounds, HashAlgorithmName.SHA512, SHA256.HashSizeInBytes));

    private static string Clip(string text, int length) => text.Length <= length ? text : text[..length];

    private WriteContext CreateWrite(HttpContext context)
    {
        string? key = context.Request.Headers["Idempotency-Key"];
        if (key is { Length: 0 or > LongestKey })
        {
            var faults = new Faults();
            faults.Add("Idempotency-Key", "text.invalid", $"Must be 1 to {LongestKey} characters.");
            throw new RejectionException(faults.ToRejection());
        }
        return new WriteContext
        {
            ActorId = Id,
            ActorName = Clip(Name, LongestName),
            ActorPath = Path,
            Action = context.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? context.Request.Method,
            Subject = Clip(context.Request.Path, LongestSubject),
            Origin = context.Connection.RemoteIpAddress?.ToString(),
            IsAudited = !Roles.Contains(Role.Storefront),
            IdempotencyKey = key,
            RequestHash = key is null ? null : HashOf(context, []),
        };
    }
}

/// <summary>Names of the claims in an access token.</summary>
public static class TokenClaims
{
    public const string Subject = "sub";
    public const string Name = "name";
    public const string Unit = "unit";
    public const string Path = "path";
    public const string Role = "role";

    /// <summary>Of the member, when the token was issued. Only this product's own tokens have it.</summary>
    public const string Version = "member_version";
    public const string Issuer = "live-commerce";
    public const string Audience = "live-commerce";
}
