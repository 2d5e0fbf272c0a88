namespace GrainKube.Objects.Embedded;

/// <summary>The id of a change: its revision and its place in the transaction, so that the order of ids is the order of changes.</summary>
internal static class LogId
{
    /// <summary>Changes that fit into one revision.</summary>
    public const int PerRevision = 1 << 16;

    public static long Of(long revision, int place) => (revision * PerRevision) + place;

    /// <summary>The first id of a revision.</summary>
    public static long First(long revision) => revision * PerRevision;

    public static long Revision(long id) => id / PerRevision;
}
