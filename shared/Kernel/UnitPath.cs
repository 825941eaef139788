namespace LiveCommerce.Kernel;

/// <summary>
/// Where a unit stands in the tree: <c>/aurora/north/r7/</c>, one immutable unit code a step, headquarters first.
/// Authority is "starts with": a member at <c>/aurora/north/</c> covers that unit and all below it.
/// </summary>
public static class UnitPath
{
    /// <summary>The deployment itself, above every headquarters. Only the operator stands here.</summary>
    public const string Root = "/";

    public static string Child(string parent, string code) => $"{parent}{code}/";

    /// <summary>True if authority at <paramref name="scope"/> covers <paramref name="path"/>: the same unit or below it.</summary>
    public static bool Covers(string scope, string path) => path.StartsWith(scope, StringComparison.Ordinal);

    /// <summary>True if one of the two stands above the other, or they are the same.</summary>
    public static bool SameChain(string a, string b) => Covers(a, b) || Covers(b, a);

    /// <summary>The headquarters' part of a path; the root for the root.</summary>
    public static string Headquarters(string path) => path.Length < 2 ? Root : path[..(path.IndexOf('/', 1) + 1)];

    /// <summary>The unit itself and every unit above it, headquarters first.</summary>
    public static IReadOnlyList<string> SelfAndAncestors(string path)
    {
        var paths = new List<string>();
        for (var at = path.IndexOf('/', 1); at >= 0; at = at + 1 < path.Length ? path.IndexOf('/', at + 1) : -1)
            paths.Add(path[..(at + 1)]);
        return paths;
    }

    /// <summary>
    /// Exclusive upper end of the paths covered by <paramref name="scope"/>, for <c>Path &gt;= @Scope AND Path &lt; @ScopeEnd</c>:
    /// an index range in either database, where LIKE would be a scan. '0' follows '/' in binary order.
    /// </summary>
    public static string End(string scope) => scope[..^1] + '0';

    /// <summary>A code is 1–32 lower-case letters, digits and inner hyphens.</summary>
    public static bool IsCode(string? code) =>
        code is { Length: >= 1 and <= 32 } && code[0] != '-' && code[^1] != '-' && code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
