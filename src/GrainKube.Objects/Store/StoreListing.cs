using System.Runtime.CompilerServices;

namespace GrainKube.Objects.Store;

/// <summary>Whole lists of any length.</summary>
internal static class StoreListing
{
    private const int PageSize = 500;

    /// <summary>All keys under a prefix at one revision, page after page.</summary>
    /// <param name="after">Only keys after this one.</param>
    public static async IAsyncEnumerable<StoreValue> ListAllAsync(this IObjectStore store, string prefix, string? after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var options = new StoreListOptions { Limit = PageSize, After = after };
        while (true)
        {
            var page = await store.ListAsync(prefix, options, cancel);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            if (!page.HasMore)
            {
                yield break;
            }

            options = options with { Revision = page.Revision, After = page.Items[^1].Key };
        }
    }

    /// <summary>Deletes all keys under a prefix, whatever they hold. For tables that go as a whole.</summary>
    public static async Task DeleteAllAsync(this IObjectStore store, string prefix, CancellationToken cancel)
    {
        const int fitsOneTransaction = 100;
        while (true)
        {
            var page = await store.ListAsync(prefix, new() { Limit = fitsOneTransaction, KeysOnly = true }, cancel);
            await store.CommitAsync(new([], [.. page.Items.Select(item => StoreWrite.Delete(item.Key))]), cancel);
            if (!page.HasMore)
            {
                return;
            }
        }
    }
}
