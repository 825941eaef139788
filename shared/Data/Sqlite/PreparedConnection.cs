using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LiveCommerce.Data;

/// <summary>
/// A SQLite connection whose commands stay prepared from one use to the next. Dapper makes and drops a command a call,
/// and compiling its SQL again costs more than running it. Used by one thread at a time, like any connection.
/// </summary>
internal sealed class PreparedConnection(SqliteConnection inner) : DbConnection
{
    private const int MostKept = 256;
    private const int MostNames = 4096;

    /// <summary>Parameters' names as SQLite knows them.</summary>
    private static readonly ConcurrentDictionary<string, string> Names = [];

    private readonly Dictionary<string, SqliteCommand> _idle = [];

    [AllowNull]
    public override string ConnectionString { get => inner.ConnectionString; set => throw new NotSupportedException(); }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Open() => inner.Open();

    public override void Close() => inner.Close();

    /// <summary>Rows inserted, updated and deleted so far; rolled back or not.</summary>
    internal int Changes => raw.sqlite3_total_changes(inner.Handle);

    internal SqliteCommand Take(string sql) => _idle.Remove(sql, out var command) ? command : new SqliteCommand(sql, inner);

    internal void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        if (_idle.Count >= MostKept || !_idle.TryAdd(command.CommandText, command)) command.Dispose();
    }

    // Transactions are begun by statement (BEGIN IMMEDIATE, SAVEPOINT), which the driver's own object cannot express.
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

    protected override DbCommand CreateDbCommand() => new PreparedCommand(this);

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var command in _idle.Values) command.Dispose();
        _idle.Clear();
        inner.Dispose();
    }

    /// <summary>Borrows the prepared command of its text, and gives it back when dropped.</summary>
    private sealed class PreparedCommand(PreparedConnection owner) : DbCommand
    {
        private SqliteCommand? _command;
        private string _text = "";

        [AllowNull]
        public override string CommandText
        {
            get => _text;
            set
            {
                Release();
                _text = value ?? "";
            }
        }

        public override int CommandTimeout { get; set; } = 30;

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get => owner; set => throw new NotSupportedException(); }

        protected override DbTransaction? DbTransaction { get; set; }

        protected override DbParameterCollection DbParameterCollection => Command.Parameters;

        private SqliteCommand Command => _command ??= owner.Take(_text);

        public override void Cancel()
        {
            // SQLite statements here are short; there is nothing to interrupt.
        }

        public override int ExecuteNonQuery() => Named().ExecuteNonQuery();

        public override object? ExecuteScalar() => Named().ExecuteScalar();

        public override void Prepare() => Command.Prepare();

        protected override DbParameter CreateDbParameter() => new SqliteParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Named().ExecuteReader(behavior);

        protected override void Dispose(bool disposing)
        {
            if (disposing) Release();
        }

        /// <summary>
        /// Dapper names parameters without their mark, and the driver then looks each of them up four times among all of the
        /// statement's, which takes as long as running an insert of forty columns.
        /// </summary>
        private SqliteCommand Named()
        {
            var parameters = Command.Parameters;
            for (var i = 0; i < parameters.Count; i++)
            {
                var parameter = parameters[i];
                var name = parameter.ParameterName;
                if (name.Length == 0 || name[0] is '@' or '$' or ':') continue;
                if (!Names.TryGetValue(name, out var marked))
                {
                    marked = $"@{name}";
                    if (Names.Count < MostNames) Names.TryAdd(name, marked);
                }
                parameter.ParameterName = marked;
            }
            return Command;
        }

        private void Release()
        {
            if (_command is null) return;
            owner.Return(_command);
            _command = null;
        }
    }
}
