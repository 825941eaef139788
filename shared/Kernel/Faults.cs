namespace LiveCommerce.Kernel;

/// <summary>A request body that can tell what is wrong with itself.</summary>
public interface IValidated
{
    /// <summary>Adds every fault, not only the first.</summary>
    void Validate(Faults faults);
}

/// <summary>Collects every fault of a request, so that a caller mends all of them at once.</summary>
public sealed class Faults
{
    /// <summary>More than this many are counted, not listed.</summary>
    public const int MostListed = 100;

    private readonly List<Fault> _list = [];

    public IReadOnlyList<Fault> List => _list;

    public int Count { get; private set; }

    /// <summary>Adds a fault unless <paramref name="holds"/>.</summary>
    public Faults Check(bool holds, string pointer, string code, string detail)
    {
        if (!holds) Add(pointer, code, detail);
        return this;
    }

    public void Add(string pointer, string code, string detail)
    {
        Count++;
        if (_list.Count < MostListed) _list.Add(new Fault(pointer, code, detail));
    }

    /// <summary>Text of 1 to <paramref name="max"/> characters, with no blanks around it and no control characters.</summary>
    public Faults Text(string? value, string pointer, int max = 200)
    {
        // Nearly all that is checked is sound: what to say of a fault is made up only when there is one.
        if (!IsText(value, max)) Add(pointer, "text.invalid", $"Must be 1 to {max} characters, without blanks around them and without control characters.");
        return this;
    }

    public Faults OptionalText(string? value, string pointer, int max = 200) => value is null ? this : Text(value, pointer, max);

    /// <summary>What <see cref="Text"/> finds nothing wrong with.</summary>
    public static bool IsText(string? value, int max)
    {
        if (value is not { Length: >= 1 } || value.Length > max || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])) return false;
        foreach (var c in value)
            if (char.IsControl(c)) return false;
        return true;
    }

    public Faults Code(string? value, string pointer) => Check(
        UnitPath.IsCode(value), pointer, "code.invalid", "Must be 1 to 32 lower-case letters, digits and inner hyphens.");

    public Faults Range(long value, long min, long max, string pointer)
    {
        if (value < min || value > max) Add(pointer, "number.out_of_range", $"Must be from {min} to {max}.");
        return this;
    }

    public Faults AmountMinor(long value, string pointer, long min = 0)
    {
        if (value < min || value > Money.MaxMinor) Add(pointer, "money.out_of_range", $"Must be from {min} to {Money.MaxMinor} minor units.");
        return this;
    }

    public Faults Currency(string? value, string pointer) => Check(
        Money.IsCurrency(value), pointer, "currency.invalid", "Must be an ISO 4217 code such as CNY.");

    public Faults Order(DateTimeOffset from, DateTimeOffset to, string pointer) => Check(
        from < to, pointer, "window.ends_before_start", "Must end after it starts.");

    /// <summary>A known value of an enum; guards against numbers cast into one.</summary>
    public Faults Known<T>(T value, string pointer) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Add(pointer, "value.unknown", $"Must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        return this;
    }

    public Faults Size<T>(IReadOnlyCollection<T>? values, int min, int max, string pointer)
    {
        if (values is null || values.Count < min || values.Count > max) Add(pointer, "list.length", $"Must hold {min} to {max} entries.");
        return this;
    }

    public Faults Distinct<T>(IReadOnlyCollection<T>? values, string pointer) => Check(
        values is null || values.Distinct().Count() == values.Count, pointer, "list.repeats", "Must not name anything twice.");

    public Rejection ToRejection() => CommonRejections.Invalid.Because(
        Count == 1 ? $"{_list[0].Pointer}: {_list[0].Detail}" : $"{Count} faults; see faults for each.") with
    { Faults = _list };
}
