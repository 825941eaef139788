using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace LiveCommerce.Data;

/// <summary>
/// One C# type, two column types: the parameter's own type tells which database it is for.
/// SQLite keeps instants as INTEGER microseconds since 1970 UTC and ids as lower-case TEXT;
/// SQL Server keeps <c>datetime2(6)</c> and <c>uniqueidentifier</c>.
/// </summary>
internal static class DapperTypes
{
    private static readonly Lock Once = new();
    private static bool _done;

    public static void Register()
    {
        lock (Once)
        {
            if (_done) return;
            // Without removing the built-in map Dapper ignores the handler.
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
            SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
            SqlMapper.RemoveTypeMap(typeof(Guid));
            SqlMapper.RemoveTypeMap(typeof(Guid?));
            SqlMapper.AddTypeHandler(new InstantHandler());
            SqlMapper.AddTypeHandler(new IdHandler());
            _done = true;
        }
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value)
        {
            if (parameter is SqliteParameter)
            {
                parameter.Value = (value.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
                return;
            }
            parameter.DbType = DbType.DateTime2;
            parameter.Value = value.UtcDateTime;
        }

        public override DateTimeOffset Parse(object value) => value switch
        {
            long micros => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond),
            DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
            _ => throw new DataException($"Not an instant: {value.GetType().Name}."),
        };
    }

    private sealed class IdHandler : SqlMapper.TypeHandler<Guid>
    {
        public override void SetValue(IDbDataParameter parameter, Guid value) =>
            parameter.Value = parameter is SqliteParameter ? value.ToString("D") : value;

        public override Guid Parse(object value) => value switch
        {
            Guid id => id,
            string text => Guid.ParseExact(text, "D"),
            _ => throw new DataException($"Not an id: {value.GetType().Name}."),
        };
    }
}
