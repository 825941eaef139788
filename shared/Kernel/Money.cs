namespace LiveCommerce.Kernel;

/// <summary>Amounts of money are whole minor units (fen, cent) in fields named <c>…Minor</c>, with one currency a document. See docs/adr/0013.</summary>
public static class Money
{
    /// <summary>The largest amount accepted anywhere: 10^13 minor units, far above any session, far below overflow of a sum.</summary>
    public const long MaxMinor = 10_000_000_000_000;

    /// <summary>True for the form of an ISO 4217 code: three capitals.</summary>
    public static bool IsCurrency(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);
}
