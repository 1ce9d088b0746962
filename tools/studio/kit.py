"""
The photo studio: floor, light, camera and the few solids that product models are put together from.

Runs inside Blender's Python (`pip install bpy`), which the shop itself never needs: the finished
cut-outs are committed in `pymart/demo/pictures/`. One Blender unit is ten centimetres.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import bpy  # first: it brings the next two

# isort: split
import bmesh
from mathutils import Matrix, Vector
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
STUDIO_LIGHT = "studiolights/world/studio.exr"  # Poly Haven, CC0, comes with Blender


def srgb(colour: str) -> tuple[float, float, float, float]:
    """Turn `#rrggbb` into the linear colour that Blender's materials expect."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return (*linear, 1.0)


# -- the room -------------------------------------------------------------------------------------


def empty_room(*, size: int, samples: int) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.08
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.denoising_prefilter, scene.cycles.denoising_quality = "FAST", "BALANCED"
    scene.cycles.use_fast_gi, scene.cycles.ao_bounces_render = True, 1
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 6, 2, 3
    scene.cycles.transparent_max_bounces = 8
    scene.cycles.seed = 7
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = size
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"
    _hang_lights(scene)
    _lay_floor()


def _hang_lights(scene: bpy.types.Scene) -> None:
    world = bpy.data.worlds.new("studio")
    scene.world = world
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 128  # else half of the time goes here
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    image = nodes.new("ShaderNodeTexEnvironment")
    folder = Path(bpy.utils.resource_path("LOCAL")) / "datafiles"
    image.image = bpy.data.images.load(str(folder / STUDIO_LIGHT))
    background = next(node for node in nodes if node.type == "BACKGROUND")
    background.inputs["Strength"].default_value = 0.55
    lift = nodes.new("ShaderNodeMixRGB")  # the loft is dark above; steel would mirror that
    lift.blend_type, lift.inputs[0].default_value, lift.inputs[2].default_value = "ADD", 1.0, (0.34, 0.34, 0.36, 1)
    links.new(image.outputs["Color"], lift.inputs[1])
    links.new(lift.outputs["Color"], background.inputs["Color"])
    for name, place, power, size in [
        ("key", (-6, -6, 9), 430, 5),
        ("rim", (7, 5, 7), 300, 4),
        ("fill", (7, -7, 3), 90, 6),
    ]:
        lamp = bpy.data.lights.new(name, "AREA")
        lamp.energy, lamp.size = power, size
        holder = bpy.data.objects.new(name, lamp)
        holder.location = place
        holder.rotation_euler = (-Vector(place)).to_track_quat("-Z", "Y").to_euler()
        scene.collection.objects.link(holder)


def _lay_floor() -> None:
    bpy.ops.mesh.primitive_plane_add(size=200)
    floor = bpy.context.object
    floor.name = "floor"
    floor.is_shadow_catcher = True
    finish(floor, plastic("#f2f2f2", roughness=0.6))


def shoot(path: Path, *, yaw: float = 0.0, tilt: float = 14.0, lens: float = 85.0) -> None:
    """Frame everything but the floor from `yaw` and `tilt` degrees, and write a cut-out with its soft shadow."""
    scene = bpy.context.scene
    models = [model for model in scene.objects if model.type in {"MESH", "CURVE"} and model.name != "floor"]
    bpy.context.view_layer.update()
    _frame(scene, models, yaw=yaw, tilt=tilt, lens=lens)
    with TemporaryDirectory() as folder:
        sharp, soft = Path(folder) / "sharp.png", Path(folder) / "soft.png"
        floor = bpy.data.objects["floor"]
        floor.visible_camera = False
        _render(scene, sharp)
        floor.visible_camera = floor.is_shadow_catcher = True
        for model in models:
            model.visible_camera = False
        scene.render.resolution_percentage, scene.cycles.samples = 14, 7
        _render(scene, soft)
        _develop(sharp, soft, path)


def _render(scene: bpy.types.Scene, path: Path) -> None:
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def _develop(sharp: Path, soft: Path, path: Path) -> None:
    """Lay the thing on its shadow, trim, and store."""
    thing = Image.open(sharp).convert("RGBA")
    dark = Image.open(soft).convert("RGBA").getchannel("A").resize(thing.size, Image.Resampling.BICUBIC)
    dark = dark.filter(ImageFilter.GaussianBlur(thing.width / 90)).point(lambda a: int(max(0, a - 28) * 0.95))
    left, top, right, bottom = thing.getchannel("A").point(lambda a: 255 if a > 8 else 0).getbbox()
    pad = max(right - left, bottom - top) * 0.08
    edges = tuple(
        round(e)
        for e in (max(0, left - pad), max(0, top - pad), min(thing.width, right + pad), min(thing.height, bottom + pad))
    )
    thing, dark = thing.crop(edges), dark.crop(edges)
    fade = Image.new("L", thing.size, 0)
    inset = round(pad * 0.75)
    ImageDraw.Draw(fade).rectangle((inset, inset, thing.width - inset, thing.height - inset), fill=255)
    dark = ImageChops.multiply(dark, fade.filter(ImageFilter.GaussianBlur(inset / 2)))
    picture = Image.new("RGBA", thing.size, (24, 20, 34, 0))
    picture.putalpha(dark)
    picture.alpha_composite(thing)
    picture.save(path, quality=80, alpha_quality=100, method=6)


def _frame(scene: bpy.types.Scene, models: list[bpy.types.Object], *, yaw: float, tilt: float, lens: float) -> None:
    corners = [model.matrix_world @ Vector(corner) for model in models for corner in model.bound_box]
    low = Vector(min(c[i] for c in corners) for i in range(3))
    high = Vector(max(c[i] for c in corners) for i in range(3))
    centre, lift, turn = (low + high) / 2, math.radians(tilt), math.radians(yaw)
    towards = Vector((math.sin(turn) * math.cos(lift), -math.cos(turn) * math.cos(lift), math.sin(lift)))
    _scale_lights((high - low).length)
    eye = bpy.data.cameras.new("camera")
    eye.lens, eye.clip_end = lens, 1000
    camera = bpy.data.objects.new("camera", eye)
    scene.collection.objects.link(camera)
    camera.rotation_euler = (-towards).to_track_quat("-Z", "Y").to_euler()
    rotation = camera.rotation_euler.to_matrix().inverted()
    seen = [rotation @ (corner - centre) for corner in corners]
    half = math.tan(eye.angle / 2) * 0.84
    distance = max(max(abs(point.x), abs(point.y)) / half + point.z for point in seen)
    camera.location = centre + towards * distance
    scene.camera = camera
    wide, tall = (max(abs(point[i]) / (distance - point.z) for point in seen) for i in (0, 1))
    long = scene.render.resolution_x
    scene.render.resolution_x = round(long * min(1, wide / tall * 1.25))
    scene.render.resolution_y = round(long * min(1, tall / wide * 1.25))


def _scale_lights(reach: float) -> None:
    """Keep the light the same for a lipstick and for a mattress."""
    factor = max(reach, 0.3) / 4
    for holder in bpy.context.scene.objects:
        if holder.type == "LIGHT":
            holder.location *= factor
            holder.data.size *= factor
            holder.data.energy *= factor * factor


# -- materials ------------------------------------------------------------------------------------


def _principled(name: str) -> tuple[bpy.types.Material, bpy.types.Node]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    return material, material.node_tree.nodes["Principled BSDF"]


def plastic(colour: str, *, roughness: float = 0.35, coat: float = 0.0) -> bpy.types.Material:
    material, shader = _principled("plastic")
    shader.inputs["Base Color"].default_value = srgb(colour)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Coat Weight"].default_value = coat
    return material


def metal(colour: str = "#c9cbce", *, roughness: float = 0.22, brushed: bool = False) -> bpy.types.Material:
    material, shader = _principled("metal")
    shader.inputs["Base Color"].default_value = srgb(colour)
    shader.inputs["Metallic"].default_value = 1.0
    shader.inputs["Roughness"].default_value = roughness
    if brushed:
        _bump(material, shader, scale=(2, 2, 260), strength=0.04)
    return material


def glass(colour: str = "#ffffff", *, roughness: float = 0.02, ior: float = 1.45) -> bpy.types.Material:
    material, shader = _principled("glass")
    shader.inputs["Base Color"].default_value = srgb(colour)
    shader.inputs["Transmission Weight"].default_value = 1.0
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["IOR"].default_value = ior
    return material


def glow(colour: str, *, strength: float = 3.0) -> bpy.types.Material:
    material, shader = _principled("glow")
    shader.inputs["Base Color"].default_value = srgb(colour)
    shader.inputs["Emission Color"].default_value = srgb(colour)
    shader.inputs["Emission Strength"].default_value = strength
    return material


def fabric(
    colour: str = "#ffffff", *, image: Path | None = None, weave: float = 220, depth: float = 0.25
) -> bpy.types.Material:
    material, shader = _principled("fabric")
    shader.inputs["Base Color"].default_value = srgb(colour)
    shader.inputs["Roughness"].default_value = 0.9
    shader.inputs["Specular IOR Level"].default_value = 0.15
    shader.inputs["Sheen Weight"].default_value = 0.25
    if image:
        _paint(material, shader, image)
    _bump(material, shader, scale=(weave, weave, weave), strength=depth)
    return material


def printed(image: Path, *, roughness: float = 0.4, coat: float = 0.0, metallic: float = 0.0) -> bpy.types.Material:
    material, shader = _principled("printed")
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Coat Weight"].default_value = coat
    shader.inputs["Metallic"].default_value = metallic
    _paint(material, shader, image)
    return material


def grain(light: str, dark: str, *, scale: float = 3.0, roughness: float = 0.45) -> bpy.types.Material:
    """Make wood (or leather, with a high scale): two colours mixed by stretched noise."""
    material, shader = _principled("grain")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    where, stretch = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (scale * 5, scale * 5, scale * 0.5)
    noise, ramp = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeValToRGB")
    noise.inputs["Detail"].default_value = 6
    ramp.color_ramp.elements[0].color, ramp.color_ramp.elements[1].color = srgb(dark), srgb(light)
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = 0.35, 0.65
    links.new(where.outputs["Object"], stretch.inputs["Vector"])
    links.new(stretch.outputs["Vector"], noise.inputs["Vector"])
    links.new(noise.outputs["Fac"], ramp.inputs["Fac"])
    links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = roughness
    return material


def _paint(material: bpy.types.Material, shader: bpy.types.Node, image: Path) -> None:
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(str(image), check_existing=True)
    material.node_tree.links.new(node.outputs["Color"], shader.inputs["Base Color"])


def _bump(material: bpy.types.Material, shader: bpy.types.Node, *, scale: Sequence[float], strength: float) -> None:
    nodes, links = material.node_tree.nodes, material.node_tree.links
    where, stretch = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = scale
    noise, bump = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeBump")
    noise.inputs["Scale"].default_value = 1.0
    noise.inputs["Detail"].default_value = 1.5
    bump.inputs["Strength"].default_value = strength
    bump.inputs["Distance"].default_value = 0.02
    links.new(where.outputs["Object"], stretch.inputs["Vector"])
    links.new(stretch.outputs["Vector"], noise.inputs["Vector"])
    links.new(noise.outputs["Fac"], bump.inputs["Height"])
    links.new(bump.outputs["Normal"], shader.inputs["Normal"])


# -- solids ---------------------------------------------------------------------------------------


def finish(model: bpy.types.Object, material: bpy.types.Material, *, smooth: bool = False) -> bpy.types.Object:
    model.data.materials.clear()
    model.data.materials.append(material)
    if smooth:
        for face in model.data.polygons:
            face.use_smooth = True
    return model


def place(
    model: bpy.types.Object,
    at: Sequence[float] = (0, 0, 0),
    *,
    turn: Sequence[float] = (0, 0, 0),
    scale: Sequence[float] = (1, 1, 1),
) -> bpy.types.Object:
    model.location = at
    model.rotation_euler = [math.radians(angle) for angle in turn]
    model.scale = scale
    return model


def solid(
    corners: Sequence[Sequence[float]],
    faces: Sequence[Sequence[int]],
    material: bpy.types.Material,
    *,
    uv: Callable[[Vector], Point] | None = None,
    smooth: bool = True,
) -> bpy.types.Object:
    mesh = bpy.data.meshes.new("solid")
    mesh.from_pydata([tuple(c) for c in corners], [], [tuple(f) for f in faces])
    if uv:
        layer = mesh.uv_layers.new()
        for loop in mesh.loops:
            layer.data[loop.index].uv = uv(mesh.vertices[loop.vertex_index].co)
    model = bpy.data.objects.new("solid", mesh)
    bpy.context.scene.collection.objects.link(model)
    edit = bmesh.new()
    edit.from_mesh(mesh)
    bmesh.ops.recalc_face_normals(edit, faces=edit.faces)
    edit.to_mesh(mesh)
    edit.free()
    return finish(model, material, smooth=smooth)


def grid(
    shape: Callable[[float, float], Sequence[float]],
    material: bpy.types.Material,
    *,
    steps: tuple[int, int] = (48, 48),
    closed: bool = False,
) -> bpy.types.Object:
    """Make a surface from `shape(u, v)`, both from 0 to 1; the picture on it follows u and v."""
    across, up = steps
    corners = [shape(i / across, j / up) for j in range(up + 1) for i in range(across + 1)]
    row = across + 1
    faces = [
        (j * row + i, j * row + i + 1, (j + 1) * row + i + 1, (j + 1) * row + i)
        for j in range(up)
        for i in range(across)
    ]
    mesh = bpy.data.meshes.new("grid")
    mesh.from_pydata([tuple(c) for c in corners], [], faces)
    layer = mesh.uv_layers.new()
    for loop in mesh.loops:
        index = loop.vertex_index
        layer.data[loop.index].uv = ((index % row) / across, (index // row) / up)
    model = bpy.data.objects.new("grid", mesh)
    bpy.context.scene.collection.objects.link(model)
    if closed:
        edit = bmesh.new()
        edit.from_mesh(mesh)
        bmesh.ops.remove_doubles(edit, verts=edit.verts, dist=1e-5)
        bmesh.ops.recalc_face_normals(edit, faces=edit.faces)
        edit.to_mesh(mesh)
        edit.free()
    return finish(model, material, smooth=True)


def rounded(profile: Sequence[Point], *, radius: float = 0.06, steps: int = 5) -> list[Point]:
    """Round the inner corners of an outline, as real moulded and spun things are."""
    path: list[Point] = [profile[0]]
    for before, corner, after in zip(profile, profile[1:], profile[2:], strict=False):
        into, out = Vector(before) - Vector(corner), Vector(after) - Vector(corner)
        cut = min(radius, into.length * 0.45, out.length * 0.45)
        if cut < 1e-4:
            path.append(corner)
            continue
        start, end = Vector(corner) + into.normalized() * cut, Vector(corner) + out.normalized() * cut
        for step in range(steps + 1):
            t = step / steps
            path.append(tuple((1 - t) ** 2 * start + 2 * t * (1 - t) * Vector(corner) + t * t * end))
    return [*path, profile[-1]]


def lathe(
    profile: Sequence[Point],
    material: bpy.types.Material,
    *,
    radius: float = 0.06,
    sides: int = 96,
) -> bpy.types.Object:
    """Turn an outline of (distance from the axis, height) points into a body."""
    path = rounded(profile, radius=radius) if radius else list(profile)
    corners, faces = [], []
    for distance, height in path:
        for side in range(sides):
            angle = 2 * math.pi * side / sides
            corners.append((distance * math.cos(angle), distance * math.sin(angle), height))
    for ring in range(len(path) - 1):
        for side in range(sides):
            a, b = ring * sides + side, ring * sides + (side + 1) % sides
            faces.append((a, b, b + sides, a + sides))
    model = solid(corners, faces, material)
    edit = bmesh.new()
    edit.from_mesh(model.data)
    bmesh.ops.remove_doubles(edit, verts=edit.verts, dist=1e-5)
    bmesh.ops.recalc_face_normals(edit, faces=edit.faces)
    edit.to_mesh(model.data)
    edit.free()
    return finish(model, material, smooth=True)


def sleeve(
    radius: float, low: float, high: float, image: Path, *, sweep: float = 210, **look: float
) -> bpy.types.Object:
    """Wrap a printed label around the front of a round body."""
    half = math.radians(sweep) / 2

    def shape(u: float, v: float) -> tuple[float, float, float]:
        angle = -math.pi / 2 - half + 2 * half * u
        return (radius * math.cos(angle), radius * math.sin(angle), low + (high - low) * v)

    return grid(shape, printed(image, **look), steps=(64, 2))


def box(
    size: Sequence[float],
    material: bpy.types.Material,
    at: Sequence[float] = (0, 0, 0),
    *,
    bevel: float = 0.03,
    turn: Sequence[float] = (0, 0, 0),
    segments: int = 4,
) -> bpy.types.Object:
    """Make a box that stands on `at` (the middle of its underside)."""
    bpy.ops.mesh.primitive_cube_add(size=1)
    model = bpy.context.object
    model.data.transform(Matrix.Diagonal((*size, 1)))
    model.data.transform(Matrix.Translation((0, 0, size[2] / 2)))
    if bevel:
        _bevel(model, bevel, segments)
    return place(finish(model, material, smooth=bool(bevel)), at, turn=turn)


def _bevel(model: bpy.types.Object, width: float, segments: int) -> None:
    modifier = model.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments = width, segments
    modifier.limit_method = "ANGLE"
    modifier.harden_normals = True


def slab(
    outline: Sequence[Point], thickness: float, material: bpy.types.Material, *, bevel: float = 0.03
) -> bpy.types.Object:
    """Lay a flat outline on the floor and give it thickness; a picture on it spans its bounds."""
    bottom = [(x, y, 0.0) for x, y in outline]
    top = [(x, y, thickness) for x, y in outline]
    count = len(outline)
    faces = [tuple(range(count))[::-1], tuple(range(count, 2 * count))]
    faces += [(i, (i + 1) % count, count + (i + 1) % count, count + i) for i in range(count)]
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    left, low = min(xs), min(ys)
    wide, tall = max(xs) - left, max(ys) - low
    model = solid(
        bottom + top, faces, material, uv=lambda c: ((c.x - left) / wide, (c.y - low) / tall), smooth=bool(bevel)
    )
    if bevel:
        _bevel(model, bevel, 4)
    return model


def face(
    width: float,
    height: float,
    material: bpy.types.Material,
    at: Sequence[float],
    *,
    turn: Sequence[float] = (90, 0, 0),
) -> bpy.types.Object:
    """Put a flat picture (a screen, a label, a book cover) in front of something."""
    corners = [
        (-width / 2, -height / 2, 0),
        (width / 2, -height / 2, 0),
        (width / 2, height / 2, 0),
        (-width / 2, height / 2, 0),
    ]
    model = solid(corners, [(0, 1, 2, 3)], material, uv=lambda c: (c.x / width + 0.5, c.y / height + 0.5), smooth=False)
    return place(model, at, turn=turn)


def ball(
    radius: float, material: bpy.types.Material, at: Sequence[float] = (0, 0, 0), *, scale: Sequence[float] = (1, 1, 1)
) -> bpy.types.Object:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=64, ring_count=32, radius=radius)
    return place(finish(bpy.context.object, material, smooth=True), at, scale=scale)


def ring(
    radius: float,
    thickness: float,
    material: bpy.types.Material,
    at: Sequence[float] = (0, 0, 0),
    *,
    turn: Sequence[float] = (0, 0, 0),
    scale: Sequence[float] = (1, 1, 1),
) -> bpy.types.Object:
    bpy.ops.mesh.primitive_torus_add(major_radius=radius, minor_radius=thickness, major_segments=128, minor_segments=24)
    return place(finish(bpy.context.object, material, smooth=True), at, turn=turn, scale=scale)


def rod(
    radius: float,
    length: float,
    material: bpy.types.Material,
    at: Sequence[float] = (0, 0, 0),
    *,
    turn: Sequence[float] = (0, 0, 0),
    bevel: float = 0.02,
) -> bpy.types.Object:
    model = lathe([(0, 0), (radius, 0), (radius, length), (0, length)], material, radius=bevel, sides=48)
    return place(model, at, turn=turn)


def cord(
    points: Sequence[Sequence[float]], thickness: float, material: bpy.types.Material, *, closed: bool = False
) -> bpy.types.Object:
    """Bend a round cord (cable, strap, handle, chain) through points."""
    curve = bpy.data.curves.new("cord", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution = "3D", thickness, 6
    curve.resolution_u = 16
    curve.use_fill_caps = True
    line = curve.splines.new("NURBS")
    line.points.add(len(points) - 1)
    for control, point in zip(line.points, points, strict=True):
        control.co = (*point, 1)
    line.use_endpoint_u, line.use_cyclic_u, line.order_u = not closed, closed, 4
    model = bpy.data.objects.new("cord", curve)
    bpy.context.scene.collection.objects.link(model)
    curve.materials.append(material)
    return model


def circle(
    radius: float, *, at: Sequence[float] = (0, 0, 0), points: int = 24, sweep: tuple[float, float] = (0, 360)
) -> list[tuple[float, float, float]]:
    start, end = sweep
    return [
        (
            at[0] + radius * math.cos(math.radians(start + (end - start) * i / points)),
            at[1] + radius * math.sin(math.radians(start + (end - start) * i / points)),
            at[2],
        )
        for i in range(points + (end - start != 360))
    ]
