using System.Security.Cryptography;
using LiveCommerce.Data;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace LiveCommerce.Hosting;

/// <summary>Section <c>SignIn</c> of the configuration.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>
    /// Base address of whoever issues tokens, whose <c>/.well-known/openid-configuration</c> is read: the Organization
    /// service (<c>http://organization:8080/organization</c>) or another OpenID Connect authority. Empty: this process
    /// holds the key itself.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>PEM file with the RSA signing key; created at first start. Default: in the data folder.</summary>
    public string KeyFile { get; set; } = "";

    public string Issuer { get; set; } = TokenClaims.Issuer;

    public string Audience { get; set; } = TokenClaims.Audience;

    /// <summary>How long an access token holds.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Sign-in attempts one address may make a minute.</summary>
    public int AttemptsPerMinute { get; set; } = 120;
}

/// <summary>The key tokens are signed with. Only the Organization service holds its private half.</summary>
public sealed class SigningKey
{
    private SigningKey(RSA rsa)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()))[..16];
        Key = new RsaSecurityKey(rsa) { KeyId = id };
    }

    public RsaSecurityKey Key { get; }

    /// <summary>Reads the key, or creates it. Of several processes that create at once, one wins and all use its key.</summary>
    public static SigningKey Load(string file)
    {
        var rsa = RSA.Create(2048);
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var draft = $"{file}.{Environment.ProcessId}";
            var mode = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var stream = new FileStream(draft, mode))
            {
                stream.Write(System.Text.Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem()));
                stream.Flush(flushToDisk: true);
            }
            try
            {
                File.Move(draft, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(draft);
            }
        }
        rsa.ImportFromPem(File.ReadAllText(file));
        return new SigningKey(rsa);
    }
}

internal static class SignInSetup
{
    public static void AddSignIn(this IServiceCollection services, IConfiguration configuration, StorageOptions storage)
    {
        var options = configuration.GetSection("SignIn").Get<AccessTokenOptions>() ?? new AccessTokenOptions();
        services.AddSingleton(options);
        if (options.KeyFile.Length == 0) options.KeyFile = Path.Combine(storage.Folder, "sign-in-key.pem");
        services.AddSingleton(_ => SigningKey.Load(options.KeyFile));
        // Authentication brings it along; nothing here protects data with it, so it must leave no key file behind.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            jwt.TokenValidationParameters.ValidIssuer = options.Issuer;
            jwt.TokenValidationParameters.ValidAudience = options.Audience;
            jwt.TokenValidationParameters.NameClaimType = TokenClaims.Name;
            jwt.TokenValidationParameters.RoleClaimType = TokenClaims.Role;
            jwt.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
            if (options.Authority.Length == 0) return;
            jwt.RequireHttpsMetadata = false;
            jwt.MetadataAddress = $"{options.Authority.TrimEnd('/')}/.well-known/openid-configuration";
        });
        if (options.Authority.Length == 0)
        {
            services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
                .Configure<SigningKey>((jwt, key) => jwt.TokenValidationParameters.IssuerSigningKey = key.Key);
        }
        services.AddAuthorization();
    }
}
