using System.Collections.Concurrent;
using System.Security.Cryptography;
using LiveCommerce.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Support;

/// <summary>One signing key for all hosts of this process, because making one is slow on purpose; and the tokens signed with it.</summary>
internal static class TestKeys
{
    private static readonly Lazy<string> Pem = new(() =>
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportPkcs8PrivateKeyPem();
    });

    // Tokens are judged by the machine's clock, not by the one under test; no run of the tests lasts nearly as long.
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly ConcurrentDictionary<(string Key, string Path, Guid Unit, string Roles), string> Tokens = [];

    /// <summary>Puts the key where a host makes its own if it finds none.</summary>
    public static void PutInto(string folder)
    {
        var file = Path.Combine(Directory.CreateDirectory(folder).FullName, "sign-in-key.pem");
        if (!File.Exists(file)) File.WriteAllText(file, Pem.Value);
    }

    /// <summary>A token for whoever has these roles at the unit at <paramref name="path"/>.</summary>
    public static string Token(SigningKey key, string path, Guid unitId, params IReadOnlyList<Role> roles) =>
        Tokens.GetOrAdd((key.Key.KeyId, path, unitId, string.Join(',', roles)), _ => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenClaims.Issuer,
            Audience = TokenClaims.Audience,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime + Lifetime,
            SigningCredentials = new SigningCredentials(key.Key, SecurityAlgorithms.RsaSha256),
            Claims = new Dictionary<string, object>
            {
                [TokenClaims.Subject] = $"member-at-{path}",
                [TokenClaims.Name] = $"Member at {path}",
                [TokenClaims.Unit] = unitId.ToString(),
                [TokenClaims.Path] = path,
                [TokenClaims.Role] = roles.Select(r => r.ToString()).ToArray(),
            },
        }));
}
