using GrainKube.Scheduler.Volumes;
using k8s;
using k8s.Models;

namespace GrainKube.Scheduler.Tests;

/// <summary>Claims, volumes and classes of a test, given as JSON.</summary>
internal sealed class MemoryVolumes : IVolumeView
{
    private readonly List<V1PersistentVolumeClaim> claims = [];
    private readonly List<V1PersistentVolume> volumes = [];
    private readonly List<V1StorageClass> classes = [];

    public void Add<T>(string json)
    {
        switch (KubernetesJson.Deserialize<T>(json))
        {
            case V1PersistentVolumeClaim claim:
                claims.Add(claim);
                break;
            case V1PersistentVolume volume:
                volumes.Add(volume);
                break;
            case V1StorageClass item:
                classes.Add(item);
                break;
        }
    }

    public V1PersistentVolumeClaim? Claim(string ns, string name) => claims.Find(c => c.Metadata.NamespaceProperty == ns && c.Metadata.Name == name);

    public V1PersistentVolume? Volume(string name) => volumes.Find(v => v.Metadata.Name == name);

    public V1StorageClass? Class(string name) => classes.Find(c => c.Metadata.Name == name);

    public IEnumerable<V1PersistentVolume> Volumes() => volumes;

    public IDisposable Subscribe(Action onChange) => throw new NotSupportedException("Nothing changes here");
}
