using System.Text;
using GrainKube.Objects.Embedded.Sqlite;

namespace GrainKube.Objects.Embedded;

/// <summary>The keys under a prefix, as bounds that an index can seek. In UTF-8, because that is the order of the store.</summary>
internal readonly struct KeyRange
{
    private readonly byte[] from;
    private readonly byte[] below;

    private KeyRange(byte[] from, byte[] below)
    {
        this.from = from;
        this.below = below;
    }

    /// <param name="after">Only keys after this one.</param>
    public static KeyRange Under(string prefix, string? after = null)
    {
        var from = after is not null && string.CompareOrdinal(after, prefix) >= 0 ? after + '\0' : prefix;
        var below = Encoding.UTF8.GetBytes(prefix);
        if (below.Length > 0)
        {
            below[^1]++; // Never overflows: no byte of UTF-8 is 0xff.
        }

        return new(Encoding.UTF8.GetBytes(from), below);
    }

    /// <summary>Binds the range to <c>key &gt;= ?n AND key &lt; ?n+1</c>.</summary>
    public void BindTo(SqliteStatement statement, int first)
    {
        statement.BindText(first, from);
        if (below.Length == 0)
        {
            statement.Bind(first + 1, ReadOnlySpan<byte>.Empty); // To SQLite every text sorts before every blob.
        }
        else
        {
            statement.BindText(first + 1, below);
        }
    }
}
