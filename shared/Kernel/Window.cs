namespace LiveCommerce.Kernel;

/// <summary>A half-open span of time, <c>[OpensAt, ClosesAt)</c>.</summary>
public readonly record struct Window(DateTimeOffset OpensAt, DateTimeOffset ClosesAt)
{
    public bool Contains(DateTimeOffset at) => OpensAt <= at && at < ClosesAt;

    public bool Overlaps(Window other) => OpensAt < other.ClosesAt && other.OpensAt < ClosesAt;
}
