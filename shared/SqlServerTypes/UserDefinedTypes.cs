namespace Microsoft.SqlServer.Server;

/// <summary>How a CLR user-defined type is stored. Present so that the SQL Server client loads; unused here.</summary>
public enum Format
{
    Unknown = 0,
    Native = 1,
    UserDefined = 2,
}

/// <summary>Custom storage of a CLR user-defined type. Present so that the SQL Server client loads; unused here.</summary>
public interface IBinarySerialize
{
    void Read(BinaryReader r);
    void Write(BinaryWriter w);
}

/// <summary>Marks a CLR user-defined type. Present so that the SQL Server client loads; unused here.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;
    public bool IsByteOrdered { get; set; }
    public bool IsFixedLength { get; set; }
    public int MaxByteSize { get; set; }
    public string? Name { get; set; }
    public string? ValidationMethodName { get; set; }
}

/// <summary>Thrown for a malformed CLR user-defined type. Present so that the SQL Server client loads; unused here.</summary>
public sealed class InvalidUdtException(string message) : SystemException(message);
