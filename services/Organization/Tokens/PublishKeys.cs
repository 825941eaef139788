using LiveCommerce.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Organization.Tokens;

/// <summary>What the other services need to check tokens: OpenID Connect discovery and the public key.</summary>
internal static class PublishKeys
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/openid-configuration", (HttpRequest request, AccessTokenOptions options) => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = options.Issuer,
            ["jwks_uri"] = $"{request.Scheme}://{request.Host}/organization/.well-known/jwks.json",
            ["token_endpoint"] = $"{request.Scheme}://{request.Host}/organization/tokens",
            ["id_token_signing_alg_values_supported"] = new[] { SecurityAlgorithms.RsaSha256 },
        })).Describe("ReadDiscovery", "OpenID Connect discovery.").Gives<Dictionary<string, object>>();
        routes.MapGet("/.well-known/jwks.json", (SigningKey key) =>
        {
            var publicKey = key.Key.Rsa.ExportParameters(includePrivateParameters: false);
            return Results.Json(new
            {
                keys = new[]
                {
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        alg = SecurityAlgorithms.RsaSha256,
                        kid = key.Key.KeyId,
                        n = Base64UrlEncoder.Encode(publicKey.Modulus),
                        e = Base64UrlEncoder.Encode(publicKey.Exponent),
                    },
                },
            });
        }).Describe("ReadKeys", "The public keys tokens are signed with.").Gives<Dictionary<string, object>>();
    }
}
