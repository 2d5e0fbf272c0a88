using System.Globalization;

namespace GrainKube.Objects.Store;

/// <summary>Orleans' etags are the store's revisions, written as numbers.</summary>
internal static class StoreETag
{
    public static string Of(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>The revision an etag stands for; no etag means that the row must be absent.</summary>
    public static long Revision(string? etag) => string.IsNullOrEmpty(etag) ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
}
