namespace LiveCommerce.Data;

/// <summary>The database was tried several times and is still not to be had. Nothing was changed; later it may well work.</summary>
public sealed class DatabaseUnavailableException(string service, Exception inner)
    : Exception($"The database of {service} is not to be had: {inner.Message}", inner);

/// <summary>The commit failed on the way: it may have happened or not.</summary>
internal sealed class CommitInDoubtException(Exception inner) : Exception($"The commit is in doubt: {inner.Message}", inner);
