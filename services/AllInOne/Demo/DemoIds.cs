using System.Security.Cryptography;
using System.Text;

namespace LiveCommerce.AllInOne.Demo;

/// <summary>Ids worked out from names, so that a repeat of the run, or of one request, names the same things.</summary>
internal sealed class DemoIds(string run)
{
    /// <summary>A UUIDv8 (RFC 9562) of the run and the name.</summary>
    public Guid Of(string kind, int number)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{run}/{kind}/{number}")).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public string Key(string what) => $"{run}/{what}";
}
