using System.Text.Json;

namespace GrainKube.Kubelet.Images.Collection;

/// <summary>An image that this node brought to the engine.</summary>
/// <param name="PulledAt">When.</param>
/// <param name="Names">The names it got by it; one that has others besides belongs to somebody else, too.</param>
internal sealed record PulledImage(DateTimeOffset PulledAt, IReadOnlyList<string> Names);

/// <summary>
/// Which images of the engine this node pulled, by id. An engine is shared with its machine's user, whose own images can not be had again from anywhere: only what is written here may be
/// removed without being asked. Kept in a file, because images outlive servers.
/// </summary>
internal sealed class PulledImages(string directory)
{
    private readonly Lock gate = new();
    private readonly string file = Path.Combine(directory, "pulled-images.json");
    private Dictionary<string, PulledImage>? images;

    public IReadOnlyDictionary<string, PulledImage> All()
    {
        lock (gate)
        {
            return new Dictionary<string, PulledImage>(images ??= Load(), StringComparer.Ordinal);
        }
    }

    /// <summary>Takes note of a pull.</summary>
    /// <param name="id">The image.</param>
    /// <param name="before">Its names before the pull; null where it was not there.</param>
    /// <param name="after">Its names now.</param>
    /// <param name="now">When.</param>
    public void Pulled(string id, IReadOnlyList<string>? before, IReadOnlyList<string> after, DateTimeOffset now)
    {
        lock (gate)
        {
            images ??= Load();
            var known = images.GetValueOrDefault(id);
            if (before is not null && known is null)
            {
                return; // somebody else's, under a name more
            }

            var names = (known?.Names ?? []).Union(after.Except(before ?? [])).ToList();
            if (known is null || names.Count != known.Names.Count)
            {
                images[id] = new PulledImage(known?.PulledAt ?? now, names);
                Save();
            }
        }
    }

    /// <summary>Forgets images that are gone.</summary>
    public void Forget(IEnumerable<string> ids)
    {
        lock (gate)
        {
            images ??= Load();
            if (ids.Count(images.Remove) > 0)
            {
                Save();
            }
        }
    }

    private Dictionary<string, PulledImage> Load()
    {
        if (!File.Exists(file))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, PulledImage>>(File.ReadAllBytes(file)) ?? [];
        }
        catch (JsonException)
        {
            return new(StringComparer.Ordinal); // cut short by a machine that went down: those images stay for good, which does no harm
        }
    }

    private void Save()
    {
        Directory.CreateDirectory(directory);
        var next = file + ".next";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(images));
        File.Move(next, file, overwrite: true);
    }
}
