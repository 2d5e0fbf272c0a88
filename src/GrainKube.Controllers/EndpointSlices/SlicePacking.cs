namespace GrainKube.Controllers.EndpointSlices;

/// <summary>Packs the endpoints of one group into its slices.</summary>
internal sealed class SlicePacking
{
    private readonly SliceGroup group;
    private readonly int capacity;
    private readonly List<SliceContent> untouched = [];
    private readonly List<(SliceContent Slice, List<SliceEndpoint> Endpoints)> touched = [];

    public SlicePacking(SliceGroup group, IReadOnlyList<SliceContent> slices, Func<SliceContent, bool> isStale, int capacity)
    {
        (this.group, this.capacity) = (group, capacity);
        var missing = group.Endpoints.ToDictionary(e => e.Identity);
        foreach (var slice in slices)
        {
            KeepWhatStands(slice, missing, isStale);
        }

        Fill([.. group.Endpoints.Where(e => missing.ContainsKey(e.Identity))]);
        Changes.AddRange(touched.Select(t => new SliceChange(t.Slice, group.AddressType, group.Ports, t.Endpoints)));
    }

    /// <summary>Slices to create and to rewrite.</summary>
    public List<SliceChange> Changes { get; } = [];

    /// <summary>Slices that nothing is left in.</summary>
    public List<SliceContent> Empty { get; } = [];

    private void KeepWhatStands(SliceContent slice, Dictionary<(string, string?, string?), SliceEndpoint> missing, Func<SliceContent, bool> isStale)
    {
        var stays = new List<SliceEndpoint>(slice.Endpoints.Count);
        var changed = false;
        foreach (var endpoint in slice.Endpoints)
        {
            if (stays.Count < capacity && missing.Remove(endpoint.Identity, out var wanted))
            {
                changed |= wanted != endpoint;
                stays.Add(wanted);
            }
        }

        if (stays.Count == 0)
        {
            Empty.Add(slice);
        }
        else if (changed || stays.Count != slice.Endpoints.Count || isStale(slice))
        {
            touched.Add((slice, stays));
        }
        else
        {
            untouched.Add(slice);
        }
    }

    private void Fill(List<SliceEndpoint> rest)
    {
        var next = 0;
        foreach (var (_, endpoints) in touched.OrderByDescending(t => t.Endpoints.Count))
        {
            while (next < rest.Count && endpoints.Count < capacity)
            {
                endpoints.Add(rest[next++]);
            }
        }

        while (next < rest.Count)
        {
            var left = rest.Count - next;
            var fits = untouched.Where(s => s.Endpoints.Count + left <= capacity).MaxBy(s => s.Endpoints.Count);
            List<SliceEndpoint> content = fits is null ? [] : [.. fits.Endpoints];
            while (next < rest.Count && content.Count < capacity)
            {
                content.Add(rest[next++]);
            }

            if (fits is null)
            {
                Changes.Add(new SliceChange(null, group.AddressType, group.Ports, content));
            }
            else
            {
                untouched.Remove(fits);
                touched.Add((fits, content));
            }
        }
    }
}
