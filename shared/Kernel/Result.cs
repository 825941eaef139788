namespace LiveCommerce.Kernel;

/// <summary>Either a value or a refusal. A transaction commits the one and rolls back the other.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T value) => _value = value;

    private Result(Rejection rejection) => Rejection = rejection;

    public Rejection? Rejection { get; }

    public bool IsRejected => Rejection is not null;

    /// <exception cref="InvalidOperationException">This is a refusal.</exception>
    public T Value => Rejection is null ? _value! : throw new InvalidOperationException($"Refused: {Rejection.Kind.Code}: {Rejection.Detail}");

    /// <summary>For values of an interface type, which C# does not convert implicitly.</summary>
    public static Result<T> Of(T value) => new(value);

    public static implicit operator Result<T>(T value) => new(value);

    public static implicit operator Result<T>(Rejection rejection) => new(rejection);

    public Result<TOther> Map<TOther>(Func<T, TOther> map) => Rejection is null ? map(_value!) : Rejection;
}

/// <summary>The value of an action that has none.</summary>
public readonly record struct Done;
