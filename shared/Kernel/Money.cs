namespace LiveCommerce.Kernel;

/// <summary>An amount of money.</summary>
/// <param name="AmountMinor">In the currency's minor unit (fen, cent).</param>
/// <param name="Currency">ISO 4217 code, three capitals.</param>
public readonly record struct Money(long AmountMinor, string Currency)
{
    /// <summary>The largest amount accepted anywhere: 10^13 minor units, far above any session, far below overflow of a sum.</summary>
    public const long MaxMinor = 10_000_000_000_000;

    public static bool IsCurrency(string? code) => code is { Length: 3 } && code.All(char.IsAsciiLetterUpper);
}
