using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Cache;
using k8s.Models;

namespace GrainKube.Scheduler.Volumes;

/// <summary>Reads from this silo's cache.</summary>
internal sealed class CachedVolumes(WatchCache cache) : IVolumeView
{
    private static readonly GroupResource ClaimKind = new("", "persistentvolumeclaims");
    private static readonly GroupResource VolumeKind = new("", "persistentvolumes");
    private static readonly GroupResource ClassKind = new("storage.k8s.io", "storageclasses");

    public V1PersistentVolumeClaim? Claim(string ns, string name) => cache.Kind(ClaimKind).Get(ns, name)?.As<V1PersistentVolumeClaim>();

    public V1PersistentVolume? Volume(string name) => cache.Kind(VolumeKind).Get("", name)?.As<V1PersistentVolume>();

    public V1StorageClass? Class(string name) => cache.Kind(ClassKind).Get("", name)?.As<V1StorageClass>();

    public IEnumerable<V1PersistentVolume> Volumes() => cache.Kind(VolumeKind).Snapshot.All.Select(v => v.As<V1PersistentVolume>());

    public IDisposable Subscribe(Action onChange) => new Subscriptions([.. new[] { ClaimKind, VolumeKind, ClassKind }.Select(kind => cache.Kind(kind).Subscribe(_ => onChange()))]);

    private sealed class Subscriptions(IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var one in all)
            {
                one.Dispose();
            }
        }
    }
}
