using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LiveCommerce.Hosting;

namespace LiveCommerce.Organization.Members;

/// <summary>
/// Secrets of programs and invitations. Unguessable without the signing key, which lets one sign in as anybody anyhow. Worked
/// out, not drawn, so that a request repeated under its Idempotency-Key gives the same secret although no answer that is kept
/// holds it.
/// </summary>
internal sealed class DerivedSecrets(SigningKey key)
{
    private const int ProgramSecretLength = 40;
    private const int IdLength = 16;

    private readonly byte[] _programs = KeyFor(key, "program secrets"u8);
    private readonly byte[] _invitations = KeyFor(key, "invitations"u8);
    private readonly byte[] _names = KeyFor(key, "sign-in names"u8);

    public string OfProgram(Guid id, long generation) => Convert.ToHexStringLower(
        HMACSHA256.HashData(_programs, Encoding.ASCII.GetBytes(generation == 0 ? $"{id}" : $"{id}:{generation}")))[..ProgramSecretLength];

    /// <summary>Says by itself whose it is.</summary>
    public string OfInvitation(Guid id, long generation) =>
        Base64Url.EncodeToString([.. id.ToByteArray(), .. HMACSHA256.HashData(_invitations, Encoding.ASCII.GetBytes($"{id}:{generation}"))]);

    /// <summary>Whose invitation it says to be; null if it is none. Proves nothing yet.</summary>
    public static Guid? InvitedBy(string token)
    {
        Span<byte> bytes = stackalloc byte[IdLength + HMACSHA256.HashSizeInBytes];
        if (!Base64Url.IsValid(token, out var length) || length != bytes.Length) return null;
        Base64Url.DecodeFromChars(token, bytes);
        return new Guid(bytes[..IdLength]);
    }

    public bool IsInvitation(string token, Guid id, long generation) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(OfInvitation(id, generation)));

    /// <summary>A name somebody tried to sign in under; people type their password there.</summary>
    public string OfName(string signInName) => Convert.ToHexStringLower(HMACSHA256.HashData(_names, Encoding.UTF8.GetBytes(signInName)));

    // Parts each use of the key from every other.
    private static byte[] KeyFor(SigningKey key, ReadOnlySpan<byte> use) => HMACSHA256.HashData(key.Key.Rsa.ExportPkcs8PrivateKey(), use);
}
