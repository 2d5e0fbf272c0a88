using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GrainKube.Docker.Images;

/// <summary>Writes an image of one layer in the form that the engine's "load" reads. The same input gives the same image id.</summary>
internal sealed class ImageArchive(string reference, string architecture)
{
    private readonly List<TarEntry> entries = [];

    public JsonObject Config { get; } = [];

    public ImageArchive AddFile(string path, byte[] content, UnixFileMode mode = (UnixFileMode)0b111_101_101)
    {
        entries.Add(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
        return this;
    }

    public ImageArchive AddLink(string path, string target)
    {
        entries.Add(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch });
        return this;
    }

    public ImageArchive AddDirectory(string path, UnixFileMode mode)
    {
        entries.Add(new PaxTarEntry(TarEntryType.Directory, path) { Mode = mode, ModificationTime = DateTimeOffset.UnixEpoch });
        return this;
    }

    public byte[] ToArray()
    {
        var layer = Tar(entries);
        var config = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["created"] = "1970-01-01T00:00:00Z",
            ["config"] = Config.DeepClone(),
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray("sha256:" + Sha256(layer)) },
        });
        var configName = Sha256(config) + ".json";
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new JsonArray(new JsonObject
        {
            ["Config"] = configName,
            ["RepoTags"] = new JsonArray(reference),
            ["Layers"] = new JsonArray("layer.tar"),
        }));
        return Tar([File(configName, config), File("layer.tar", layer), File("manifest.json", manifest)]);
    }

    private static PaxTarEntry File(string name, byte[] content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch };

    private static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }

        return buffer.ToArray();
    }

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
